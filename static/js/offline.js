// The page that stands in for another while there is no network: tries again by itself once there is one.
addEventListener("online", () => location.reload());
