namespace Lowrank.Language;

/// <summary>Rules that come to themselves again before a character: a matcher would never end.</summary>
static class LeftRecursion
{
    /// <summary>Refuses grammars that have one.</summary>
    /// <exception cref="LowrankException">A rule begins with itself.</exception>
    internal static void Refuse(Grammar grammar, IReadOnlyList<string> names)
    {
        var nullable = Nullable(grammar);
        for (int rule = 0; rule < grammar.RuleCount; rule++)
            if (ReachesItself(grammar, nullable, rule))
                throw new LowrankException($"rule \"{names[rule]}\" of the grammar begins with itself, directly or by way of others. " +
                    "Write the repetition with * or +.");
    }

    static bool[] Nullable(Grammar grammar)
    {
        var nullable = new bool[grammar.RuleCount];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int rule = 0; rule < nullable.Length; rule++)
            {
                if (nullable[rule] || !grammar.Alternatives(rule).Any(start => IsNullable(grammar, nullable, start))) continue;
                changed = nullable[rule] = true;
            }
        }
        return nullable;
    }

    static bool IsNullable(Grammar grammar, bool[] nullable, int position)
    {
        for (; !grammar[position].IsEnd; position++)
            if (grammar[position].Rule < 0 || !nullable[grammar[position].Rule]) return false;
        return true;
    }

    // A rule at an alternative's end leaves nothing to be remembered: coming to itself only so is no harm.
    static bool ReachesItself(Grammar grammar, bool[] nullable, int rule)
    {
        var seen = new HashSet<(int Rule, bool Grows)>();
        var open = new Stack<(int Rule, bool Grows)>([(rule, false)]);
        while (open.TryPop(out var at))
            foreach (int start in grammar.Alternatives(at.Rule))
                for (int position = start; grammar[position].Rule >= 0; position++)
                {
                    bool grows = at.Grows || !grammar[position + 1].IsEnd;
                    int next = grammar[position].Rule;
                    if (next == rule && grows) return true;
                    if (seen.Add((next, grows))) open.Push((next, grows));
                    if (!nullable[next]) break;
                }
        return false;
    }
}
