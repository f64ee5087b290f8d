namespace Lowrank.Language;

/// <summary>
/// How tokens are chosen, with the names and the rules of transformers' <c>GenerationConfig</c> (5.24). What is not given does nothing: by
/// default the likeliest token is taken.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>Whether tokens are drawn by their probabilities; else the likeliest is taken.</summary>
    public bool Samples { get; init; }

    /// <summary>Divides logits before a draw: above 0; 1 does nothing.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draws from so many of the likeliest tokens; 0 for all (transformers' own default is 50).</summary>
    public int TopK { get; init; }

    /// <summary>Draws from the likeliest tokens that hold this share: 0 to 1; 1 does nothing.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Draws from tokens with this share of the likeliest's probability: 0 to 1; 0 does nothing.</summary>
    public double MinP { get; init; }

    /// <summary>Draws from the most typical tokens that hold this share: above 0, to 1; 1 does nothing.</summary>
    public double TypicalP { get; init; } = 1;

    /// <summary>Draws from tokens of at least this probability: 0 to 1; 0 does nothing.</summary>
    public double EpsilonCutoff { get; init; }

    /// <summary>The same with a bound that falls where many tokens are likely: 0 to 1; 0 does nothing.</summary>
    public double EtaCutoff { get; init; }

    /// <summary>Against tokens of prompt and text: above 0; 1 does nothing.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Tokens at the beginning that <see cref="RepetitionPenalty"/> leaves out.</summary>
    public int RepetitionIgnores { get; init; }

    /// <summary>Taken from written tokens for each time they occur (OpenAI's).</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Taken from written tokens once (OpenAI's).</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Length of runs of tokens of which none may come twice; 0 for no rule.</summary>
    public int NoRepeatNgramSize { get; init; }

    /// <summary>Sequences of tokens that may not be written.</summary>
    public IReadOnlyList<IReadOnlyList<int>> BadWords { get; init; } = [];

    /// <summary>Sequences of tokens with what is added where they would be ended.</summary>
    public IReadOnlyList<(IReadOnlyList<int> Tokens, float Bias)> SequenceBias { get; init; } = [];

    /// <summary>Tokens of prompt and text before the end is allowed.</summary>
    public int MinLength { get; init; }

    /// <summary>Tokens of the text before the end is allowed.</summary>
    public int MinNewTokens { get; init; }

    /// <summary>Tokens after which writing ends.</summary>
    public int MaxNewTokens { get; init; } = 20;

    /// <summary>Tokens that end the text.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>Which tokens are allowed at a place.</summary>
    public AllowedTokens.Rule? Allowed { get; init; }

    /// <summary>The token that comes first.</summary>
    public int? ForcedBegin { get; init; }

    /// <summary>The tokens of which one comes last, where the text is cut by <see cref="MaxNewTokens"/>.</summary>
    public IReadOnlyList<int> ForcedEnd { get; init; } = [];

    /// <summary>Where the end begins to become more likely, and how fast.</summary>
    public (int Start, double Factor)? GrowingEnd { get; init; }

    /// <summary>Tokens that are never written.</summary>
    public IReadOnlyList<int> SuppressTokens { get; init; } = [];

    /// <summary>Tokens that are not written first.</summary>
    public IReadOnlyList<int> BeginSuppressTokens { get; init; } = [];

    /// <summary>Whether logits become logarithms of probabilities in the end.</summary>
    public bool RenormalizeLogits { get; init; }

    /// <summary>Tokens that every filter leaves in any case: 1, with beams one more than there are end tokens, at least 2.</summary>
    public int MinTokensToKeep { get; init; } = 1;

    /// <summary>Processors of one's own, after those that forbid and before those that filter.</summary>
    public IReadOnlyList<LogitsProcessor> Processors { get; init; } = [];

    /// <summary>The tokens that fields name, each with its field.</summary>
    internal IEnumerable<(string Field, int Id)> NamedTokens
    {
        get
        {
            (string Field, IEnumerable<int> Ids)[] all =
            [
                (nameof(BadWords), BadWords.SelectMany(word => word)),
                (nameof(SequenceBias), SequenceBias.SelectMany(one => one.Tokens)),
                (nameof(EndTokens), EndTokens),
                (nameof(ForcedBegin), ForcedBegin is { } begin ? [begin] : []),
                (nameof(ForcedEnd), ForcedEnd),
                (nameof(SuppressTokens), SuppressTokens),
                (nameof(BeginSuppressTokens), BeginSuppressTokens),
            ];
            return all.SelectMany(one => one.Ids.Select(id => (one.Field, id)));
        }
    }

    /// <summary>Checks all fields, and reports every fault at once.</summary>
    /// <exception cref="LowrankException">A field is out of its range.</exception>
    public void Check()
    {
        var faults = new List<string>();
        void Want(bool holds, string name, object value, string range)
        {
            if (!holds) faults.Add($"{name} is {value}, and {range}");
        }
        Want(Temperature > 0, nameof(Temperature), Temperature, "is above 0 (to take the likeliest token, do not sample)");
        Want(TopK >= 0, nameof(TopK), TopK, "is 0 or more");
        Want(TopP is > 0 and <= 1, nameof(TopP), TopP, "is above 0, to 1");
        Want(MinP is >= 0 and <= 1, nameof(MinP), MinP, "is 0 to 1");
        Want(TypicalP is > 0 and <= 1, nameof(TypicalP), TypicalP, "is above 0, to 1");
        Want(EpsilonCutoff is >= 0 and < 1, nameof(EpsilonCutoff), EpsilonCutoff, "is 0 to below 1");
        Want(EtaCutoff is >= 0 and < 1, nameof(EtaCutoff), EtaCutoff, "is 0 to below 1");
        Want(RepetitionPenalty > 0, nameof(RepetitionPenalty), RepetitionPenalty, "is above 0");
        Want(NoRepeatNgramSize >= 0, nameof(NoRepeatNgramSize), NoRepeatNgramSize, "is 0 or more");
        Want(MaxNewTokens > 0, nameof(MaxNewTokens), MaxNewTokens, "is above 0");
        Want(MinNewTokens <= MaxNewTokens, nameof(MinNewTokens), MinNewTokens, $"is at most {nameof(MaxNewTokens)}, {MaxNewTokens}");
        Want(MinTokensToKeep > 0, nameof(MinTokensToKeep), MinTokensToKeep, "is above 0");
        Want(BadWords.All(word => word.Count > 0), nameof(BadWords), "holding an empty sequence", "every sequence has a token");
        Want(SequenceBias.All(one => one.Tokens.Count > 0), nameof(SequenceBias), "holding an empty sequence",
            "every sequence has a token");
        if (faults.Count > 0) throw new LowrankException("these options cannot be: " + string.Join("; ", faults) + ".");
    }
}
