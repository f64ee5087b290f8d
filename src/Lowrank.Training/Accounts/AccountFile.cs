namespace Lowrank.Training;

/// <summary>An account as JSON, as it lies in a run's folder.</summary>
static class AccountFile
{
    /// <summary>A list of name, text and not_used.</summary>
    public static string Text(Account account) => PlainJson.Text(new Dictionary<string, object?>
    {
        ["lines"] = account.Lines.Select(object (line) => new Dictionary<string, object?>
        {
            ["name"] = line.Name,
            ["text"] = line.Text,
            ["not_used"] = line.NotUsed,
        }).ToList(),
    }) + "\n";
}
