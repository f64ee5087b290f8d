namespace Lowrank.Language;

/// <summary>How tokens are chosen, with llama.cpp's names and defaults (b11549, 2026).</summary>
public sealed record LlamaCppOptions
{
    /// <summary>The default order.</summary>
    public static IReadOnlyList<LlamaStep> DefaultOrder { get; } =
    [
        LlamaStep.Penalties, LlamaStep.Dry, LlamaStep.TopNSigma, LlamaStep.TopK, LlamaStep.TypicalP, LlamaStep.TopP, LlamaStep.MinP,
        LlamaStep.Xtc, LlamaStep.Temperature,
    ];

    /// <summary>The steps in their order; those that are not in it do nothing.</summary>
    public IReadOnlyList<LlamaStep> Order { get; init; } = DefaultOrder;

    /// <summary>0 and below for the likeliest token.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>How far the temperature goes with the entropy; 0 for a fixed one.</summary>
    public float DynamicRange { get; init; }

    /// <summary>The power of the entropy's share that it follows.</summary>
    public float DynamicExponent { get; init; } = 1;

    /// <summary>0 and below for all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>1 and above for all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>0 and below for all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>1 and above for all.</summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>0 and below for all.</summary>
    public float TopNSigma { get; init; } = -1;

    /// <summary>How often the likeliest are dropped.</summary>
    public float XtcProbability { get; init; }

    /// <summary>Which are likely.</summary>
    public float XtcThreshold { get; init; } = 0.1f;

    /// <summary>Tokens that penalties look back; 0 and below for none.</summary>
    public int PenaltyLast { get; init; } = 64;

    /// <summary>1 for none.</summary>
    public float PenaltyRepeat { get; init; } = 1;

    /// <summary>0 for none.</summary>
    public float PenaltyFrequency { get; init; }

    /// <summary>0 for none.</summary>
    public float PenaltyPresence { get; init; }

    /// <summary>0 for none.</summary>
    public float DryMultiplier { get; init; }

    /// <summary>How fast DRY's penalty grows.</summary>
    public float DryBase { get; init; } = 1.75f;

    /// <summary>Length of repetitions that DRY allows.</summary>
    public int DryAllowedLength { get; init; } = 2;

    /// <summary>Tokens that DRY looks back; 0 and below for none.</summary>
    public int DryLast { get; init; } = 64;

    /// <summary>Texts that no repetition goes over.</summary>
    public IReadOnlyList<string> DryBreakers { get; init; } = ["\n", ":", "\"", "*"];

    /// <summary>0 for none, 1 or 2: draws by itself, and of the steps only the temperature is left.</summary>
    public int Mirostat { get; init; }

    /// <summary>Mirostat's target, in bits.</summary>
    public float MirostatTau { get; init; } = 5;

    /// <summary>How fast mirostat learns.</summary>
    public float MirostatEta { get; init; } = 0.1f;

    /// <summary>Candidates that each filter leaves in any case.</summary>
    public int MinKeep { get; init; }

    /// <summary>Tokens with what is added to their logits.</summary>
    public IReadOnlyList<(int Token, float Bias)> LogitBias { get; init; } = [];
}
