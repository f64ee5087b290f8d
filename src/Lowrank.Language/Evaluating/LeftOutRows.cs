namespace Lowrank.Language;

/// <summary>Tells of rows that are not measured.</summary>
static class LeftOutRows
{
    const int Most = 10;

    /// <summary>"3 of 6 rows have no answer and are left out: 2, 4, 5."; nothing where there are none.</summary>
    /// <param name="numbers">Their numbers, from 1.</param>
    /// <param name="all">Of how many.</param>
    /// <param name="reason">What they are or have: "have no answer", "are longer".</param>
    public static IEnumerable<string> Told(IReadOnlyCollection<int> numbers, int all, string reason)
    {
        if (numbers.Count == 0) yield break;
        bool isOne = numbers.Count == 1;
        if (isOne) reason = reason.StartsWith("have ", StringComparison.Ordinal) ? $"has {reason[5..]}" : $"is {reason[4..]}";
        string more = numbers.Count > Most ? $" and {numbers.Count - Most} more" : "";
        string are = isOne ? "is" : "are";
        yield return $"{numbers.Count} of {all} rows {reason} and {are} left out: {string.Join(", ", numbers.Take(Most))}{more}.";
    }
}
