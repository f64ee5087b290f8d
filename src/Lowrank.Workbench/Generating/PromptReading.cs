namespace Lowrank.Workbench;

/// <summary>What of a prompt is read before it is encoded: choices, wildcards, and tags that name adapters.</summary>
public sealed record PromptReading
{
    /// <summary>Whether {one|another}, __wildcards__ and ${variables} are chosen from, by each picture's seed.</summary>
    public bool Choices { get; init; }

    /// <summary>The folder of wildcards; null for none.</summary>
    public string? Wildcards { get; init; }

    /// <summary>Whether what stands behind # in a line is left out; null where AUTOMATIC1111's syntax is read. Default false.</summary>
    public bool? Comments { get; init; } = false;

    /// <summary>
    /// Whether &lt;lora:name:0.8&gt; is taken out of prompts; the adapters that it names work in that prompt's pictures. Null where
    /// AUTOMATIC1111's syntax is read, or there is a folder of adapters. Default false.
    /// </summary>
    public bool? Tags { get; init; } = false;

    /// <summary>Whether the syntax says what is read.</summary>
    internal bool FollowsSyntax => Comments is null && Tags is null;

    /// <summary>Whether comments are left out of prompts of a syntax.</summary>
    public bool LeavesComments(PromptSyntax syntax) => Comments ?? syntax is WebUiSyntax;

    /// <summary>Whether tags are taken out of prompts of a syntax.</summary>
    public bool TakesTags(PromptSyntax syntax) => Tags ?? (syntax is WebUiSyntax || Adapters is not null);

    /// <summary>The folder in which tags' adapters are found; null for none.</summary>
    public string? Adapters { get; init; }

    /// <summary>The folder of learnt words, a file each; null for none.</summary>
    public string? Words { get; init; }

    /// <summary>
    /// Whether an adapter that is not found, or whose numbers cannot be read, is left out and told, as web UIs do, instead of an error.
    /// </summary>
    public bool Lenient { get; init; }

    /// <summary>Why nothing is chosen, where that is so.</summary>
    public const string NoChoices = "no prompt holds {one|another} or a __wildcard__";

    /// <summary>Prompts above which nobody means to draw all that a dynamic one stands for.</summary>
    public const int MostCombinations = 100_000;

    /// <summary>All prompts that dynamic ones stand for, in order.</summary>
    /// <param name="prompts">The dynamic prompts.</param>
    /// <param name="wildcards">The folder of wildcards; null for none.</param>
    /// <param name="most">Most prompts of each.</param>
    /// <param name="remarks">Gets what of prompts and wildcards is not done as it is written; null for nobody.</param>
    /// <exception cref="LowrankException">One cannot be read, stands for nothing, or for too many.</exception>
    public static IReadOnlyList<string> AllOf(
        IEnumerable<string> prompts, string? wildcards, int most, ICollection<string>? remarks = null)
    {
        var lists = WildcardsOf(wildcards);
        Tell(UnreadOf(lists));
        var dynamic = new DynamicPrompts(lists);
        var all = new List<string>();
        foreach (string prompt in prompts)
        {
            var outcome = dynamic.All(prompt, Math.Min(most, MostCombinations + 1));
            Tell(outcome.Remarks);
            if (outcome.Prompts.Count > MostCombinations)
                throw new LowrankException($"The dynamic prompt \"{prompt}\" stands for more than {MostCombinations} prompts, and " +
                    $"`combinations` asks for {most} of them. Ask for {MostCombinations} at most.");
            if (outcome.Prompts.Count == 0) throw new LowrankException($"Nothing comes of the dynamic prompt \"{prompt}\".");
            all.AddRange(outcome.Prompts);
        }
        return all;

        void Tell(IEnumerable<string> told)
        {
            if (remarks is null) return;
            foreach (string one in told.Where(one => !remarks.Contains(one))) remarks.Add(one);
        }
    }

    internal static IEnumerable<string> UnreadOf(Wildcards wildcards) =>
        wildcards.Unread.Select(unread => $"of the wildcards {unread}, and is not read");

    internal static Wildcards WildcardsOf(string? folder) => folder is null ? Diffusion.Wildcards.None : Diffusion.Wildcards.Of(folder);
}
