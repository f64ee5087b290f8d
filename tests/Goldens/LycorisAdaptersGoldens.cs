using System.Globalization;
using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>LyCORIS's modules on single layers: the saved tensors, the change of the weight, outputs at each strength, gradients.</summary>
public sealed class LycorisAdaptersGoldens
{
    const string Group = "adapters/lycoris";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Module(string name) => Golden.Run(Group, name, golden =>
    {
        // DyLoRA saves the same parts and runs a block of them.
        if (golden["method"].GetString() != "locon") throw Golden.NotCovered($"the method {golden["method"]}");
        var layer = Layer(golden);
        var reparameterization = Adapter(golden, Target.Of(golden["file_prefix"].GetString()!, layer));
        using var adapted = new AdaptedLayerGoldens(golden, layer, reparameterization);
        Tensor x = Shared(golden, "x"), g = Shared(golden, "g");
        golden.AssertClose(layer.Run(x), Shared(golden, "y_base"), "y_base");

        var expected = golden["expected"].EnumerateArray().Select(e => e.GetString()!).ToList();
        var gradients = adapted.Gradients(x, g);
        foreach (string what in expected)
        {
            var got = what.Split('@', '/') switch
            {
                ["y", var strength] => adapted.Answer(x, Number(strength)),
                ["delta", var strength] => adapted.Delta(Number(strength)),
                ["grad", "x"] => gradients["x"],
                ["grad", var part] => Trained(golden, part, gradients),
                _ => throw Golden.NotCovered($"no way to {what}"),
            };
            golden.AssertClose(got, Case(golden, what), what);
        }
    });

    // A trained scalar is folded into up when LyCORIS saves: by the chain rule the gradients of both follow from that of the product.
    static Tensor Trained(GoldenCase golden, string part, IReadOnlyDictionary<string, Tensor> gradients)
    {
        var tensors = golden.Group.Tensors;
        if (!tensors.Tensors.Any(t => t.Name == $"{golden.Name}/param/scalar")) return gradients[Part(part).Name];
        var (scalar, up) = (Case(golden, "param/scalar"), Case(golden, "param/lora_up.weight"));
        return part switch
        {
            "scalar" => (gradients["up"] * up).sum().reshape(scalar.shape),
            _ when Part(part).Name == "up" => gradients["up"] * scalar,
            _ => gradients[Part(part).Name],
        };
    }

    static Reparameterization Adapter(GoldenCase golden, Target target)
    {
        var parts = golden["adapter"].EnumerateObject().Select(p => p.Name).ToDictionary(name => name, Part);
        var method = Methods.All.Single(m => m.Name == parts.Values.Select(p => p.Method).First(name => name.Length > 0));
        var stored = new StoredParts(parts.ToDictionary(p => p.Value.Name, p => Case(golden, "adapter/" + p.Key)));
        var made = Wrappers.Around(method.FromParts(target, stored), stored);
        made.StrengthRule = StrengthRule.Lycoris;
        return made;
    }

    // What kohya's dialect makes of a name; its other dialects and methods are not covered.
    static (string Method, string Name) Part(string name)
    {
        var found = Dialects.Named("kohya").Suffixes.FirstOrDefault(s => s.Suffix == "." + name);
        return found.Suffix is null ? throw Golden.NotCovered($"the part {name}") : (found.Method, found.Part);
    }

    static AdaptableLayer Layer(GoldenCase golden)
    {
        var facts = golden.Group.Json.GetProperty("layers").GetProperty(golden["layer"].GetString()!);
        var kind = facts.GetProperty("kind").GetString() switch
        {
            "linear" => LayerKind.Linear,
            "conv1d" => LayerKind.Conv1d,
            "conv2d" => LayerKind.Conv2d,
            "conv3d" => LayerKind.Conv3d,
            "embedding" => LayerKind.Embedding,
            var other => throw Golden.NotCovered($"a layer of kind {other}"),
        };
        long Fact(string name, long otherwise) => facts.TryGetProperty(name, out var value) ? value.GetInt64() : otherwise;
        return AdaptedLayerGoldens.Layer(kind, Shared(golden, "weight"), facts.GetProperty("bias").GetBoolean() ? Shared(golden, "bias") : null,
            Fact("stride", 1), Fact("padding", 0), Fact("dilation", 1), Fact("groups", 1));
    }

    static double Number(string strength) => double.Parse(strength, CultureInfo.InvariantCulture);

    static Tensor Shared(GoldenCase golden, string what) => golden.Group.Tensors.Read($"layers/{golden["layer"].GetString()}/{what}");

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");
}
