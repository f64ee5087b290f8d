namespace Lowrank.Models;

/// <summary>A model that tells which words were masked: a head over the vocabulary. <see cref="TokenLoss"/> is its loss.</summary>
/// <example><code>
/// var output = model.Run(new(ids) { Mask = mask });
/// var logits = model.Logits(output.Hidden);
/// </code></example>
public sealed class MaskedModel : EncoderModel
{
    internal MaskedModel(string name, LanguageConfig config, Encoder body, string bodyName, EncoderHead head, Storage? storage)
        : base(name, config, body, bodyName, head, storage) { }

    /// <summary>Logits (..., vocabulary) of hidden states (..., C), in the dtype that is computed in.</summary>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return Read(hidden, null);
    }
}
