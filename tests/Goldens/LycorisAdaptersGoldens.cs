using System.Globalization;
using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>LyCORIS's modules on single layers: the saved tensors, the change of weight and bias, outputs at each strength, gradients.</summary>
public sealed class LycorisAdaptersGoldens
{
    const string Group = "adapters/lycoris", Magnitude = "magnitude";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Module(string name) => Golden.Run(Group, name, golden =>
    {
        var layer = Layer(golden);
        var reparameterization = Adapter(golden, Target.Of(golden["file_prefix"].GetString()!, layer), layer);
        using var adapted = new AdaptedLayerGoldens(golden, layer, reparameterization);
        Tensor x = Shared(golden, "x"), g = Shared(golden, "g");
        golden.AssertClose(layer.Run(x), Shared(golden, "y_base"), "y_base");

        var gradients = adapted.Gradients(x, g);
        foreach (string what in golden["expected"].EnumerateArray().Select(e => e.GetString()!))
        {
            var got = what.Split('@', '/') switch
            {
                ["y", var strength] => adapted.Answer(x, Number(strength)),
                ["delta", var strength] => adapted.Delta(Number(strength)),
                ["delta_bias", var strength] => adapted.MergedBias(Number(strength)) - layer.Bias!,
                ["grad", var part] => Gradient(golden, part, gradients),
                _ => throw Golden.NotCovered($"no way to {what}"),
            };
            golden.AssertClose(got.reshape(Case(golden, what).shape), Case(golden, what), what);
        }
    });

    // By the trained tensor's name. DyLoRA's are lists of blocks, and the whole difference is trained as the weight itself.
    static Tensor Gradient(GoldenCase golden, string name, IReadOnlyDictionary<string, Tensor> gradients)
    {
        if (name is "x" or "scalar") return gradients[name];
        if (golden["method"].GetString() == "full") return gradients[name == "weight" ? "diff" : "diff_b"];
        if (name.Split('.') is [("up_list" or "down_list") and var list, var block])
        {
            long size = Argument(golden, "block_size", 1), first = size * long.Parse(block, CultureInfo.InvariantCulture);
            return list == "up_list" ? gradients["up"].narrow(1, first, size) : gradients["down"].narrow(0, first, size);
        }
        return gradients[Part(golden, name)];
    }

    /// <summary>The case's adapter as LyCORIS runs it.</summary>
    internal static Reparameterization Adapter(GoldenCase golden, Target target, AdaptableLayer layer)
    {
        string method = golden["method"].GetString()!;
        var parts = golden["adapter"].EnumerateObject().ToDictionary(p => Part(golden, p.Name), p => Case(golden, "adapter/" + p.Name));
        double? scalar = Find(golden, "param/scalar")?.ToDouble();
        if (scalar is not null)
            foreach (var p in golden["adapter"].EnumerateObject())
                if (Find(golden, "param/" + p.Name) is { } trained) parts[Part(golden, p.Name)] = trained;
        var made = Made(golden, method, target, parts);
        if (scalar is { } value)
        {
            // What a file holds is the scalar's product with the factors that take it in.
            made = new LearnedScalar((AdditiveReparameterization)made, value);
            foreach (var p in golden["adapter"].EnumerateObject().Where(p => Part(golden, p.Name) != Magnitude))
                golden.AssertClose(made.Parts.Single(part => part.Part == Part(golden, p.Name)).Value, Case(golden, "adapter/" + p.Name), $"saved {p.Name}");
        }
        if (parts.TryGetValue(Magnitude, out var magnitude)) made = new Dora((AdditiveReparameterization)made, magnitude);
        made.StrengthRule = StrengthRule.Lycoris;
        return made;
    }

    // By the method's reader, but for what the peer's forward does otherwise than its files say.
    static Reparameterization Made(GoldenCase golden, string method, Target target, Dictionary<string, Tensor> parts)
    {
        bool rankStabilized = golden["network_args"].TryGetProperty("rs_lora", out var rs) && rs.GetBoolean();
        double? dim = golden["dim"].ValueKind == JsonValueKind.Number ? golden["dim"].GetDouble() : null;
        switch (method)
        {
            case "dylora":
                int size = (int)Argument(golden, "block_size", 1);
                return new Dylora(target, parts["down"], parts["up"], new DyloraOptions((int)dim!, golden["alpha"].GetDouble()) { BlockSize = size, LycorisScale = true })
                {
                    ActiveRank = size * (int)(Argument(golden, "chosen_block", 0) + 1),
                };
            case "lokr" when rankStabilized && parts.ContainsKey("w1") && parts.ContainsKey("w2"):
                return new Lokr(target, parts.Where(p => p.Key is "w1" or "w2").ToDictionary(), scale: Math.Sqrt(dim!.Value));
            case "glora" when rankStabilized:
                parts["alpha"] = parts["alpha"] * Math.Sqrt(dim!.Value);
                break;
            case "tlora":
                var options = new TloraOptions((int)dim!, golden["alpha"].GetDouble())
                {
                    LeastRank = (int)Argument(golden, "min_rank", 1), Exponent = Argument(golden, "mask_exponent", 1.0), Timesteps = Argument(golden, "max_timestep", 1000.0),
                };
                var tlora = new Tlora(target, parts["q"], parts["p"], parts["lambda"], (Case(golden, "aux/base_q"), Case(golden, "aux/base_p"), Case(golden, "aux/base_lambda")), options);
                if (golden["network_args"].TryGetProperty("timestep", out var timestep)) tlora.At(timestep.GetDouble());
                return tlora;
        }
        var shapes = parts.ToDictionary(p => p.Key, p => p.Value.shape);
        var descriptor = Methods.Named(method == "locon" ? "lora" : method);
        Assert.True(descriptor.Recognizes(shapes), $"{golden.Name} is not recognized as {method}");
        return descriptor.FromParts(target, new StoredParts(parts));
    }

    // What kohya's dialect makes of a name.
    static string Part(GoldenCase golden, string name)
    {
        var found = Dialects.Named("kohya").Spelling.Suffixes.FirstOrDefault(s => s.Suffix == "." + name);
        return found.Suffix is null ? throw Golden.NotCovered($"the part {name}, in {golden.Name}") : found.Part;
    }

    /// <summary>The case's layer, with the group's shared weights.</summary>
    internal static AdaptableLayer Layer(GoldenCase golden)
    {
        var facts = golden.Group.Json.GetProperty("layers").GetProperty(golden["layer"].GetString()!);
        long Fact(string name, long otherwise) => facts.TryGetProperty(name, out var value) ? value.GetInt64() : otherwise;
        var weight = Shared(golden, "weight");
        string kind = facts.GetProperty("kind").GetString()!;
        if (kind is "layernorm" or "groupnorm")
        {
            AdaptableLayer norm = kind == "layernorm" ? new LayerNorm(weight.numel()) : new GroupNorm(Fact("groups", 1), weight.numel());
            norm.Weight.Replace(weight).Dispose();
            norm.SetBias(Shared(golden, "bias"));
            return norm;
        }
        return AdaptedLayerGoldens.Layer(
            kind switch
            {
                "linear" => LayerKind.Linear,
                "conv1d" => LayerKind.Conv1d,
                "conv2d" => LayerKind.Conv2d,
                "conv3d" => LayerKind.Conv3d,
                "embedding" => LayerKind.Embedding,
                var other => throw Golden.NotCovered($"a layer of kind {other}"),
            },
            weight, facts.GetProperty("bias").GetBoolean() ? Shared(golden, "bias") : null, Fact("stride", 1), Fact("padding", 0), Fact("dilation", 1), Fact("groups", 1));
    }

    static double Number(string strength) => double.Parse(strength, CultureInfo.InvariantCulture);

    static long Argument(GoldenCase golden, string name, long otherwise) => golden["network_args"].TryGetProperty(name, out var value) ? value.GetInt64() : otherwise;

    static double Argument(GoldenCase golden, string name, double otherwise) => golden["network_args"].TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;

    static Tensor Shared(GoldenCase golden, string what) => golden.Group.Tensors.Read($"layers/{golden["layer"].GetString()}/{what}");

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");

    static Tensor? Find(GoldenCase golden, string what) => golden.Group.Tensors.Tensors.Any(t => t.Name == $"{golden.Name}/{what}") ? Case(golden, what) : null;
}
