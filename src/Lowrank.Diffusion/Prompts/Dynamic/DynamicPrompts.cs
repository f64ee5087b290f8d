namespace Lowrank.Diffusion;

/// <summary>
/// Prompts that stand for many: {one|another}, {2$$a|b|c}, {1-2$$ and $$a|b}, {3::often|seldom}, __wildcard__, ${variable=value},
/// %{wrapper ... $$words}, and comments behind #.
/// </summary>
/// <remarks>Source: dynamicprompts, v0.31.0, the library of the web UI's extension sd-dynamic-prompts.</remarks>
/// <param name="wildcards">Lists for wildcards.</param>
public sealed class DynamicPrompts(Wildcards wildcards)
{
    /// <summary>All prompts that a dynamic one stands for, in the library's order, at most so many.</summary>
    /// <param name="prompt">The dynamic prompt.</param>
    /// <param name="most">Most prompts; some dynamic prompts have no end.</param>
    /// <exception cref="LowrankException">It cannot be read, names a variable without value, or leaves a choice no outcome.</exception>
    public DynamicOutcome All(string prompt, int most) => Outcome(prompt, DynamicMethod.Combinatorial, seed: 0, most);

    /// <summary>One of them, by chance.</summary>
    /// <param name="prompt">The dynamic prompt.</param>
    /// <param name="seed">The picture's seed: an equal one gives an equal prompt.</param>
    /// <exception cref="LowrankException">As of <see cref="All"/>, or nothing comes of it.</exception>
    public DynamicOutcome Draw(string prompt, long seed)
    {
        var outcome = Outcome(prompt, DynamicMethod.Random, seed, 1);
        if (prompt.Length > 0 && outcome.Prompts.Count == 0)
            throw new LowrankException($"Nothing comes of the dynamic prompt \"{prompt}\": its choices leave none.");
        return prompt.Length > 0 ? outcome : outcome with { Prompts = [""] };
    }

    /// <summary>Whether a text has signs of this syntax, comments apart.</summary>
    public static bool HasSigns(string prompt) => prompt.Contains('{') || NamesWildcard(prompt);

    /// <summary>Whether a text has signs of a wildcard.</summary>
    public static bool NamesWildcard(string prompt) => prompt.Contains("__", StringComparison.Ordinal);

    DynamicOutcome Outcome(string prompt, DynamicMethod method, long seed, int most)
    {
        var source = new DynamicSource(wildcards, new Dice(seed));
        string[] prompts = [.. new DynamicContext(method, source).OutcomesOf(prompt).Take(most)];
        return new(prompts, source.Missing) { Remarks = source.Remarks };
    }
}
