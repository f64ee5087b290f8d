namespace Lowrank.Diffusion;

/// <summary>The sources of noise there are. Neither depends on the device that computes.</summary>
public static class NoiseSources
{
    /// <summary>torch's generator of the CPU: what ComfyUI and diffusers draw from, and AUTOMATIC1111 where it is told to.</summary>
    public static NoiseSource Cpu { get; } = new("cpu", "CPU", seed => new TorchNormalGenerator(seed));

    /// <summary>The generator of NVIDIA's cards: what AUTOMATIC1111 draws from on one.</summary>
    public static NoiseSource Nv { get; } = new("nv", "NV", seed => new PhiloxNormalGenerator(seed));

    static readonly NamedList<NoiseSource> list = new("noise source", source => [source.Name, source.Label], [Cpu, Nv]);

    /// <summary>Each with its names.</summary>
    public static IReadOnlyList<NoiseSource> All => list.All;

    /// <summary>Adds a source, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or one of its names is taken.</exception>
    public static void Add(NoiseSource source) => list.Add(source);

    /// <summary>The source of that name or label.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static NoiseSource Named(string name) => list.Named(name);
}
