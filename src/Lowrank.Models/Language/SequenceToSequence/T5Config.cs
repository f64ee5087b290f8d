namespace Lowrank.Models;

/// <summary>What T5's config has besides.</summary>
sealed record T5Config : LanguageConfig
{
    public T5Config(LanguageConfig common) : base(common) { }

    /// <summary>Layers of the decoder; <see cref="LanguageConfig.Layers"/> are the encoder's.</summary>
    public int DecoderLayers { get; init; }

    /// <summary>Rows of the table of distances.</summary>
    public int Buckets { get; init; }

    /// <summary>The distance from which on all have one row.</summary>
    public int Farthest { get; init; }

    /// <summary>Whether feed-forward parts are gated.</summary>
    public bool IsGated { get; init; }

    /// <summary>Whether the last state is divided by the root of its width before the head.</summary>
    public bool ScalesOutput { get; init; }

    /// <summary>The id that the decoder begins with.</summary>
    public int StartId { get; init; }
}
