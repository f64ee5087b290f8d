namespace Lowrank.Formats;

/// <summary>A base model as adapters see it: its family and its parts. The meeting place of models and dialects, which do not know each
/// other.</summary>
/// <param name="Family">"sd1", "sd2", "sdxl", ...</param>
/// <param name="Components">Its parts that can be adapted.</param>
public sealed record ModelDescription(string Family, IReadOnlyList<ModelComponent> Components)
{
    /// <summary>Somebody's own model as the one component "model": our layers in it can be adapted, and TorchSharp's (see <see cref="SealedLayer"/>).</summary>
    public static ModelDescription Of(nn.Module module, string family = "own") =>
        new(family, [new ModelComponent("model", module, new Dictionary<string, KeyMap>())]);
}

/// <summary>One part of a base model.</summary>
/// <param name="Name">Name in the diffusers folder: "unet", "text_encoder", "text_encoder_2"; "model" for a language model. Target paths begin
/// with it.</param>
/// <param name="Module">The module, whose paths are the published ones.</param>
/// <param name="OtherNames">Key-maps from the module's own paths to other spellings of them, by the spelling's name ("ldm").</param>
public sealed record ModelComponent(string Name, nn.Module Module, IReadOnlyDictionary<string, KeyMap> OtherNames)
{
    /// <summary>Every adaptable layer with its target, in module order.</summary>
    public IReadOnlyList<(Target Target, IAdaptable Layer)> Targets => targets ??= AdaptableLayers.In(Module, Name);

    IReadOnlyList<(Target, IAdaptable)>? targets;
}
