namespace Lowrank.Models;

/// <summary>What config.json tells of a language model that all of them have; families add their own.</summary>
public record LanguageConfig
{
    /// <summary>The family, as <c>model_type</c> has it.</summary>
    public string ModelType { get; init; } = "";

    /// <summary>The class that the weights were saved from: "LlamaForCausalLM"; null where none is told.</summary>
    public string? Class { get; init; }

    /// <summary>Number of tokens known.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public int HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward parts.</summary>
    public int IntermediateSize { get; init; }

    /// <summary>Number of layers.</summary>
    public int Layers { get; init; }

    /// <summary>Heads of queries.</summary>
    public int Heads { get; init; }

    /// <summary>Heads of keys and values; divides <see cref="Heads"/>.</summary>
    public int KeyHeads { get; init; }

    /// <summary>Numbers of a head.</summary>
    public int HeadDim { get; init; }

    /// <summary>The longest row that the model was made for.</summary>
    public int MaxPositions { get; init; }

    /// <summary>Added to variances before the root.</summary>
    public double NormEps { get; init; }

    /// <summary>The activation of the feed-forward parts: "silu".</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Whether the head reads the table of tokens.</summary>
    public bool TiesHead { get; init; }

    /// <summary>How far back each layer sees, in tokens with the own one; null for all.</summary>
    public IReadOnlyList<int?> Windows { get; init; } = [];

    /// <summary>By what logits are multiplied.</summary>
    public double LogitScale { get; init; } = 1;

    /// <summary>Logits are cap·tanh(logit/cap); null for plain ones.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>The id that rows begin with; null for none.</summary>
    public int? BeginId { get; init; }

    /// <summary>The ids at which rows end.</summary>
    public IReadOnlyList<int> EndIds { get; init; } = [];

    /// <summary>The id that fills up short rows; null for none.</summary>
    public int? PadId { get; init; }

    /// <summary>Names of the classes that a classifier tells apart, in order.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>"regression", "single_label_classification" or "multi_label_classification"; null where the labels tell.</summary>
    public string? ProblemType { get; init; }

    /// <summary>Whether keys are turned by other angles once a row is long enough, so that a longer row has other keys of the same
    /// tokens.</summary>
    public virtual bool TurnsByLength => false;

    /// <summary>How a layer attends, as most do.</summary>
    /// <param name="layer">Its number.</param>
    internal AttentionShape Attention(int layer) => new(Heads, KeyHeads, HeadDim) { Layer = layer, Window = Windows[layer] };
}
