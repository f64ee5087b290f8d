namespace Lowrank.Torch;

/// <summary>One part of a base model.</summary>
/// <param name="Name">Name in the diffusers folder: "unet", "text_encoder", "text_encoder_2"; "model" for a language model. Target paths
/// begin
/// with it.</param>
/// <param name="Module">The module, whose paths are the published ones.</param>
/// <param name="OtherNames">Key-maps from the module's own paths to other spellings of them, by the spelling's name ("ldm").</param>
public sealed record ModelComponent(string Name, nn.Module Module, IReadOnlyDictionary<string, KeyMap> OtherNames)
{
    /// <summary>Every adaptable layer with its target, in module order.</summary>
    public IReadOnlyList<(Target Target, IAdaptable Layer)> Targets => targets ??= AdaptableLayers.In(Module, Name);

    IReadOnlyList<(Target, IAdaptable)>? targets;
}
