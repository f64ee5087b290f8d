namespace Lowrank.Adapters;

/// <summary>Every preset.</summary>
/// <remarks>
/// kohya: sd-scripts 48d368f, networks/lora.py. The others: LyCORIS 4.1.3, lycoris/config.py, on this project's classes; its attn-only
/// names classes that only sd-scripts' own UNet has, which are diffusers' <c>Attention</c>.
/// </remarks>
public static class TargetPresets
{
    const string Transformers = "class:Transformer2DModel";
    static readonly string[] linear = ["kind:linear", "kind:transposedlinear"];
    static readonly string[] blocked = [@"/.*\.\d+\..*/"];
    static readonly string[] texts = ["class:CLIPAttention", "class:CLIPMLP"];
    static readonly string[] residual = ["class:ResnetBlock2D", "class:Downsample2D", "class:Upsample2D"];
    static readonly string[] time = ["time_embedding.linear_1", "time_embedding.linear_2"];
    static readonly string[] blocks = [Transformers, .. residual];
    static readonly string[] ends = ["conv_in", "conv_out", .. time];

    /// <summary>What kohya's scripts adapt.</summary>
    public static TargetPreset Kohya { get; } = new(
        "kohya", "transformers; with conv_rank residual blocks and samplers too", [Transformers], texts, Convolutions: false)
    {
        WithConvolutions = residual,
    };

    static readonly NamedList<TargetPreset> list = new("preset", preset => [preset.Name],
    [
        Kohya,
        new("full", "transformers, residual blocks, samplers, the first and last layers", [.. blocks, .. ends], texts, Convolutions: true),
        new("full-lin", "the same without convolutions that have a kernel",
            [Transformers, "class:ResnetBlock2D", .. time], texts, Convolutions: false),
        new("attn-mlp", "transformers", [Transformers], texts, Convolutions: false),
        new("attn-only", "attention", ["class:Attention"], ["class:CLIPAttention"], Convolutions: false),
        new("unet-only", "full, without text encoders", [.. blocks, .. ends], [], Convolutions: true),
        new("unet-transformer-only", "transformers, without text encoders", [Transformers], [], Convolutions: false),
        new("unet-convblock-only", "residual blocks, samplers, the first and last convolution, without text encoders",
            [.. residual, "conv_in", "conv_out"], [], Convolutions: true),
        new("ia3", "what (IA)3 scales: keys, values and the end of feed-forwards",
            ["to_k", "to_v", "ff.net.2"], ["k_proj", "v_proj", "mlp.fc2"], Convolutions: false)
        {
            OnInput = ["ff.net.2", "mlp.fc2"],
        },
        new("all-linear", "every linear layer", linear, linear, Convolutions: false),
        new("blocks", "every linear layer of a model's numbered blocks, and so no head", blocked, blocked, Convolutions: false),
        new("none", "nothing but what is named", [], [], Convolutions: true),
    ]);

    /// <summary>The list; the first is the default.</summary>
    public static IReadOnlyList<TargetPreset> All => list.All;

    /// <summary>Adds a preset, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or the name is taken.</exception>
    public static void Add(TargetPreset preset) => list.Add(preset);

    /// <summary>The preset of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static TargetPreset Named(string name) => list.Named(name);
}
