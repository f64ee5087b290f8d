namespace Lowrank.Diffusion;

/// <summary>What one reading of a dynamic prompt draws from.</summary>
/// <param name="Wildcards">The wildcards.</param>
/// <param name="Dice">Chance.</param>
sealed record DynamicSource(Wildcards Wildcards, Dice Dice)
{
    readonly List<string> remarks = [];

    /// <summary>Wildcards that were asked for and have no values, in their order.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>What of the prompt is not done as it is written, a sentence each without its end.</summary>
    public IReadOnlyList<string> Remarks => remarks;

    /// <summary>The values of a wildcard; none is noted.</summary>
    public IReadOnlyList<WildcardValue> Values(string path)
    {
        var values = Wildcards.Values(path);
        if (values.Count > 0 || Missing.Contains(path)) return values;
        Missing.Add(path);
        string why = Wildcards.Holds(path) ? $"the wildcard {path} is empty" : $"there is no wildcard {path}";
        remarks.Add($"{why}: the prompt holds its name as it stands");
        return values;
    }

    /// <summary>Notes that a choice asks for more than there are, as it may: it gets all of them.</summary>
    /// <param name="asked">How many it asks for at most.</param>
    /// <param name="there">What it chooses from, as the remark tells it.</param>
    /// <param name="count">How many that are.</param>
    public void Limits(int asked, string there, int count)
    {
        if (asked <= count || count == 0) return;
        string number = asked == int.MaxValue ? "more" : PlainValue.Text((long)asked);
        string remark = $"a choice from {there} asks for {number}, and gets no more than the {count} that there are";
        if (!remarks.Contains(remark)) remarks.Add(remark);
    }
}
