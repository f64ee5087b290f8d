namespace Lowrank.Models;

/// <summary>A language model that is not loaded: a folder, or a GGUF file.</summary>
public sealed class LanguageOutline : ModelOutline
{
    internal LanguageOutline(LanguageFolder folder, LanguageNetwork model, WeightPlan plan)
        : base(folder.Path, model.Describe(), Weights(folder, model, plan)) => Folder = folder;

    static PartWeights Weights(LanguageFolder folder, LanguageNetwork model, WeightPlan plan)
    {
        var pieces = new Dictionary<string, IReadOnlyList<StoredPiece>>();
        var component = model.Describe().Components[0];
        foreach (var (target, layer) in component.Targets)
        {
            if (layer is not StackedMatrix matrix) continue;
            string path = component.PathOf(target), stack = path[..^matrix.Name.Length] + matrix.Stack;
            if (plan.PiecesOf(stack, matrix.Index) is { } weight) pieces[$"{path}.weight"] = weight;
            if (plan.PiecesOf($"{stack}_bias", matrix.Index) is { } bias) pieces[$"{path}.bias"] = bias;
        }
        return new(ModelDescription.Whole, folder.File, plan.Single) { Pieces = pieces };
    }

    internal LanguageFolder Folder { get; }

    /// <summary>Tokens that it tells apart: rows of its table, and of its head.</summary>
    public int Tokens => Folder.Config.VocabularySize;
}
