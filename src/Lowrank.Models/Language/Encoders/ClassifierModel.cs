namespace Lowrank.Models;

/// <summary>A classifier of rows over an encoder. <see cref="LabelLoss"/> is its loss.</summary>
/// <example><code>
/// var scores = model.Scores(new(ids) { Mask = mask });
/// var loss = LabelLoss.Of(scores, labels, model.Config.ProblemType);
/// </code></example>
public sealed class ClassifierModel : EncoderModel
{
    internal ClassifierModel(string name, LanguageConfig config, Encoder body, string bodyName, EncoderHead head, Storage? storage)
        : base(name, config, body, bodyName, head, storage) { }

    /// <summary>Scores (B, labels) of rows.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public Tensor Scores(LanguageInput input) => Read(input);

    /// <summary>Scores (B, labels) of hidden states (B, T, C) of rows.</summary>
    /// <param name="hidden">What <see cref="EncoderModel.Run"/> gave.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public Tensor Scores(Tensor hidden, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return Read(hidden, mask);
    }
}
