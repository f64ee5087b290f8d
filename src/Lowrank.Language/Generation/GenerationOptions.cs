namespace Lowrank.Language;

/// <summary>How a text is written: how tokens are chosen, when it ends, what it is held to.</summary>
/// <example><code>
/// var options = model.Defaults with { Seed = 7, Stops = ["\n\n"] };
/// options = options.Sampled(temperature: 0.7);
/// </code></example>
public sealed record GenerationOptions
{
    /// <summary>Tokens of a text where nobody says how many.</summary>
    public const int UsualMaxTokens = 256;

    /// <summary>
    /// How tokens are chosen, as transformers does it; its <see cref="SamplingOptions.MaxNewTokens"/> and end tokens hold in any case.
    /// Without end tokens of its own the model's (<see cref="LanguageModel.EndTokens"/>) count.
    /// </summary>
    public SamplingOptions Sampling { get; init; } = new() { MaxNewTokens = UsualMaxTokens };

    /// <summary>How they are chosen as llama.cpp does it, in place of transformers' rules; null for these.</summary>
    public LlamaCppOptions? LlamaCpp { get; init; }

    /// <summary>A search by beams, in place of one token after the other; null for none.</summary>
    public BeamOptions? Beams { get; init; }

    /// <summary>The draws' seed: the same gives the same text, whatever else is written beside it. Null takes one by chance.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts before which the text ends.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Whether a stop string stays at the text's end.</summary>
    public bool IncludesStop { get; init; }

    /// <summary>What the text is held to; null for nothing.</summary>
    public Grammar? Grammar { get; init; }

    /// <summary>After how long the text ends, looked at after each token; null for never.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Whether end tokens do not end the text.</summary>
    public bool IgnoresEnd { get; init; }

    /// <summary>Whether control tokens stay in the text.</summary>
    public bool KeepsControl { get; init; }

    /// <summary>Name of the one adapter on the model, of those that are switched on, that works; null takes all of them, "" none.</summary>
    public string? Adapter { get; init; }

    /// <summary>The same, with tokens drawn by their probabilities.</summary>
    /// <param name="temperature">Divides logits: above 0.</param>
    public GenerationOptions Sampled(double temperature = 1) =>
        this with { Sampling = Sampling with { Samples = true, Temperature = temperature } };

    /// <summary>The same with another number of tokens at most.</summary>
    public GenerationOptions AtMost(int tokens) => this with { Sampling = Sampling with { MaxNewTokens = tokens } };

    /// <summary>Checks what goes together.</summary>
    /// <exception cref="LowrankException">An option is out of its range, or two exclude each other.</exception>
    public void Check()
    {
        Sampling.Check();
        Beams?.Check();
        if (MaxTime is { } time && time < TimeSpan.Zero)
            throw new LowrankException($"a text cannot take {PlainValue.Text(time.TotalSeconds)} seconds at most. Give 0 or more.");
        if (Grammar is not null && IgnoresEnd)
            throw new LowrankException("a grammar and going on behind end tokens (IgnoresEnd) do not go together: where the grammar " +
                "has no more, nothing can follow. Leave one away.");
        if (Beams is null) return;
        if (LlamaCpp is not null) throw new LowrankException("llama.cpp's samplers and beams do not go together. Leave one away.");
        if (Grammar is not null) throw new LowrankException("a grammar and beams do not go together. Leave one away.");
        if (Stops.Count > 0) throw new LowrankException("stop strings and beams do not go together. Leave one away.");
    }
}
