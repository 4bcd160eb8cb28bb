// Which team stands behind a record.

/** The team that helps in a village: the account's own one first. */
export function teamOf(roster, village, account) {
  const here = roster.teams.filter((team) => team.village_ids.includes(village));
  const own = roster.members.find((one) => one.id === account.member_id)?.team_id;
  return here.find((team) => team.id === own) ?? here[0] ?? null;
}
