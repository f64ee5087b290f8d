namespace Lowrank.Models;

/// <summary>A model that finds the answer to a question in a text: where it begins and where it ends. <see cref="AnswerLoss"/> is its
/// loss.</summary>
public sealed class AnswerModel : EncoderModel
{
    internal AnswerModel(string name, LanguageConfig config, Encoder body, string bodyName, EncoderHead head, Storage? storage)
        : base(name, config, body, bodyName, head, storage) { }

    /// <summary>How well an answer would begin and end at each token, (B, T) each.</summary>
    /// <remarks>Pads have scores too, which whoever searches for an answer passes over.</remarks>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public (Tensor Begins, Tensor Ends) Scores(LanguageInput input)
    {
        using var scope = NewDisposeScope();
        var both = Read(input);
        return (scope.MoveToOuter(both.select(-1, 0)), scope.MoveToOuter(both.select(-1, 1)));
    }
}
