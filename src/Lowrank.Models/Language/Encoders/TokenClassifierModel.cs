namespace Lowrank.Models;

/// <summary>A classifier of each token over an encoder. <see cref="TokenLoss"/> is its loss.</summary>
public sealed class TokenClassifierModel : EncoderModel
{
    internal TokenClassifierModel(string name, LanguageConfig config, Encoder body, string bodyName, EncoderHead head, Storage? storage)
        : base(name, config, body, bodyName, head, storage) { }

    /// <summary>Scores (B, T, labels) of tokens.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public Tensor Scores(LanguageInput input) => Read(input);

    /// <summary>Scores (..., labels) of hidden states (..., C).</summary>
    public Tensor Scores(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return Read(hidden, null);
    }
}
