namespace Lowrank.Torch;

/// <summary>A base model as adapters see it: its family and its parts. The meeting place of models and dialects, which do not know each
/// other.</summary>
/// <param name="Family">"sd1", "sd2", "sdxl", ...</param>
/// <param name="Components">Its parts that can be adapted.</param>
public sealed record ModelDescription(string Family, IReadOnlyList<ModelComponent> Components)
{
    /// <summary>
    /// Somebody's own model as the one component "model": our layers in it can be adapted, and TorchSharp's (see <see
    /// cref="SealedLayer"/>).
    /// </summary>
    public static ModelDescription Of(nn.Module module, string family = "own") =>
        new(family, [new ModelComponent("model", module, new Dictionary<string, KeyMap>())]);
}
