using System.Collections.Concurrent;

namespace Lowrank.Adapters.Tests;

/// <summary>A model that holds one layer of every kind, in a unet and a text encoder, and beside them the layers that Stable Diffusion's files name; the unet has a
/// second spelling.</summary>
public sealed class EveryLayer : IDisposable
{
    const int Width = 8, Text = 6;

    static readonly ConcurrentDictionary<string, EveryLayer> shared = [];

    /// <summary>The model of a family for all tests that only read it.</summary>
    public static EveryLayer Of(string family) => shared.GetOrAdd(family, static family => new EveryLayer(family));

    public EveryLayer(string family)
    {
        var ldm = new KeyMap(("{}", "blocks.{}.op"), ("mid_block.attentions.{}.transformer_blocks.{}.attn1.to_q", "middle_block.{}.transformer_blocks.{}.attn1.to_q"));
        Description = new ModelDescription(StableDiffusionFamilies.Of(family), [
            StableDiffusionComponents.Of(family, "unet", Filled(new([.. Kinds(), .. UnetLayers])), ldm),
            StableDiffusionComponents.Of(family, "text_encoder", Filled(new([.. Kinds(), .. TextLayers]))),
        ]) { Families = StableDiffusionFamilies.All };
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var generator = new Generator(TestSeeds.Of(9));
        foreach (var parameter in Description.Components.SelectMany(c => c.Module.parameters())) parameter.copy_(randn(parameter.shape, generator: generator));
    }

    // Without transposed convolutions, which PEFT refuses: SealedModuleTests.
    static IEnumerable<(string, nn.Module)> Kinds() =>
        LayerCase.All.Where(l => !l.Target.IsTransposedConvolution).Select((l, i) => ($"{i}", (nn.Module)l.Make(Storage.Default)));

    // A block with attention and one without, in an order that is not the one in which some files number them.
    static IEnumerable<(string, nn.Module)> UnetLayers =>
    [
        .. Transformer("mid_block.attentions.0.transformer_blocks.0"), .. Resnet("mid_block.resnets.0"),
        .. Resnet("down_blocks.0.resnets.0"), .. Transformer("down_blocks.0.attentions.0.transformer_blocks.0"), .. Resnet("up_blocks.0.resnets.0"),
    ];

    static IEnumerable<(string, nn.Module)> Transformer(string at) =>
    [
        ($"{at}.attn1.to_q", new Linear(Width, Width, bias: false)), ($"{at}.attn1.to_k", new Linear(Width, Width, bias: false)), ($"{at}.attn1.to_v", new Linear(Width, Width, bias: false)),
        ($"{at}.attn1.to_out.0", new Linear(Width, Width)), ($"{at}.ff.net.0.proj", new Linear(Width, 8 * Width)), ($"{at}.ff.net.2", new Linear(4 * Width, Width)),
        ($"{at}.attn2.to_q", new Linear(Width, Width, bias: false)), ($"{at}.attn2.to_k", new Linear(Text, Width, bias: false)), ($"{at}.attn2.to_v", new Linear(Text, Width, bias: false)),
        ($"{at}.attn2.to_out.0", new Linear(Width, Width)),
    ];

    static IEnumerable<(string, nn.Module)> Resnet(string at) =>
        [($"{at}.conv1", new Conv2d(Width, 6, 3, padding: 1)), ($"{at}.time_emb_proj", new Linear(5, 6)), ($"{at}.conv2", new Conv2d(6, 6, 3, padding: 1)), ($"{at}.conv_shortcut", new Conv2d(Width, 6, 1))];

    static IEnumerable<(string, nn.Module)> TextLayers =>
    [
        ("text_model.embeddings.token_embedding", new Embedding(13, Text)),
        .. new[] { "q_proj", "k_proj", "v_proj", "out_proj" }.Select(name => ($"text_model.encoder.layers.0.self_attn.{name}", (nn.Module)new Linear(Text, Text))),
        ("text_model.encoder.layers.0.mlp.fc1", new Linear(Text, 2 * Text)),
    ];

    public ModelDescription Description { get; }

    // Methods that take the weight apart want one of finite values.
    static LayerTree Filled(LayerTree model)
    {
        var generator = new Generator(TestSeeds.Of(5));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var parameter in model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        return model;
    }

    /// <summary>An adapter of random parts over every layer that the method fits, and of those the ones that are asked for; null where that is none.</summary>
    public Adapter? Trained(string variantName, Func<ModelComponent, Target, bool>? asked = null)
    {
        var generator = new Generator(TestSeeds.Of(11));
        var variant = MethodVariant.All.First(v => v.Name == variantName);
        var targets = Description.Components.SelectMany(c => c.Targets.Select(t => t.Target).Where(variant.Fits).Where(t => asked?.Invoke(c, t) ?? true)).ToList();
        if (targets.Count == 0) return null;
        var adapter = AdapterFactory.Create(Description, targets, variant.Method, variant.Options, generator);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator));
        return adapter;
    }

    /// <summary>An adapter of random parts over every layer that the method fits and the dialects can hold, of the unet alone where they hold no adapter of both
    /// components; null where that is none.</summary>
    public Adapter? Trained(string variantName, params IReadOnlyList<Dialect> dialects)
    {
        var both = Fitting(variantName, "", dialects);
        if (both is not null && dialects.All(dialect => dialect.Refuses(both, Description) is null)) return both;
        both?.Dispose();
        return Fitting(variantName, "unet", dialects);
    }

    Adapter? Fitting(string variantName, string component, IReadOnlyList<Dialect> dialects)
    {
        if (Whole(variantName, component) is not { } whole) return null;
        using var scope = NewDisposeScope();
        return Trained(variantName, (c, target) => c.Name.StartsWith(component, StringComparison.Ordinal) && dialects.All(dialect => Holds(dialect, whole, c, target)));
    }

    /// <summary>The adapter over every layer that the method fits; it is the model's.</summary>
    public Adapter Whole(string variantName) => Whole(variantName, "")!;

    Adapter? Whole(string variantName, string component)
    {
        if (wholes.TryGetValue((variantName, component), out var known)) return known;
        return wholes[(variantName, component)] = Trained(variantName, (c, _) => c.Name.StartsWith(component, StringComparison.Ordinal));
    }

    readonly Dictionary<(string, string), Adapter?> wholes = [];

    bool Holds(Dialect dialect, Adapter whole, ModelComponent component, Target target) => whole.Targets[target.Path] is var made
        && dialect.Spelling.WrittenName(whole, Description, component, target) is { } name
        && made.Parts.All(p => dialect.Layout.LeavesOut(made, p.Part) || dialect.Spelling.KeyOf(made, p.Part, name, component.Role) is not null);

    public void Dispose()
    {
        foreach (var whole in wholes.Values) whole?.Dispose();
        foreach (var component in Description.Components) component.Module.Dispose();
    }
}
