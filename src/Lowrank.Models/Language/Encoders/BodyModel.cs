namespace Lowrank.Models;

/// <summary>An encoder without a head: hidden states, and what its pooler makes of them.</summary>
public sealed class BodyModel : EncoderModel
{
    internal BodyModel(string name, LanguageConfig config, Encoder body, Storage? storage)
        : base(name, config, body, null, null, storage) { }

    /// <summary>One vector (B, C) of the states (B, T, C) of each row, by the layer over the first token that published weights
    /// have.</summary>
    /// <exception cref="LowrankException">The family or these weights have none.</exception>
    public new Tensor Pooled(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return base.Pooled(hidden);
    }
}
