namespace Lowrank.Torch;

/// <summary>What a component does in its model: by this presets and programs tell components apart.</summary>
public enum ComponentRole
{
    /// <summary>A network of its own, of which nothing more is known.</summary>
    Network,
    /// <summary>Removes noise, step by step.</summary>
    Denoiser,
    /// <summary>Makes of a prompt what the denoiser takes in.</summary>
    TextEncoder,
}
