namespace Lowrank.Models;

/// <summary>A config with one rotary embedding for all layers.</summary>
record RopedConfig : LanguageConfig
{
    /// <summary>What all models have, and the rotary embedding.</summary>
    public RopedConfig(LanguageConfig common, Rope rope) : base(common) => Rope = rope;

    /// <summary>How queries and keys are turned.</summary>
    public Rope Rope { get; init; }

    /// <inheritdoc/>
    public override bool TurnsByLength => Rope.DependsOnLength;

    /// <summary>Whether projections of attention have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether feed-forward parts have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Whether queries and keys are normed.</summary>
    public bool NormsQueries { get; init; }

    /// <summary>How a layer attends.</summary>
    public AttentionShape Roped(int layer) => Attention(layer) with { Rope = Rope };

    /// <summary>Reads what all models have, and the rotary embedding.</summary>
    /// <param name="file">The config.</param>
    /// <param name="fields">What the common fields are called.</param>
    /// <param name="theta">The rotary embedding's base where it is absent.</param>
    /// <param name="share">How much of a head turns where it is absent.</param>
    public static RopedConfig Read(ConfigReader file, ConfigFields? fields = null, double theta = 10000, double share = 1)
    {
        var common = (fields ?? new()).Read(file);
        return new(common, RopeKinds.Read(file, common.HeadDim, common.MaxPositions, theta, share));
    }
}
