using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What acts on an adapter only while it is trained: kohya's dropouts, from the same seed.</summary>
public sealed class TrainingAdaptersGoldens
{
    const string Group = "adapters/training";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Rule(string name) => Golden.Run(Group, name, golden =>
    {
        RefuseOtherThanKohyasDropouts(golden);
        var facts = golden["hyper"].ValueKind == JsonValueKind.Object ? golden["hyper"] : golden.Json;
        var weight = Case(golden, "base/weight");
        var (x, want) = (Case(golden, "x"), Case(golden, "y_train"));
        using var layer = Layer(weight, Case(golden, "base/bias"), x.shape, want.shape);
        var (down, up) = (Case(golden, "adapter/lora_down.weight"), Case(golden, "adapter/lora_up.weight"));
        using var lora = new Lora(Target.Of("layer", layer), down, up, alpha: facts.GetProperty("alpha").GetDouble())
        {
            Options = new LoraOptions((int)down.shape[0])
            {
                Dropout = Chance(golden, "dropout"), RankDropout = Chance(golden, "rank_dropout"), ModuleDropout = Chance(golden, "module_dropout"),
            },
        };
        var host = AdaptedLayer.In(layer);
        host.Add(lora, golden["multiplier"].ValueKind == JsonValueKind.Number ? golden["multiplier"].GetDouble() : 1);

        lora.eval();
        golden.AssertClose(layer.call(x), Case(golden, "y_eval"), "y_eval");
        lora.train();
        random.manual_seed(golden["seed"].GetInt64());
        golden.AssertClose(layer.call(x), want, "y_train");
    });

    // LyCORIS shares the dropout of whole modules; its other dropouts drop other things.
    static void RefuseOtherThanKohyasDropouts(GoldenCase golden)
    {
        string operation = golden["op"].GetString()!;
        bool kohya = operation.StartsWith("kohya LoRAModule.forward", StringComparison.Ordinal);
        bool lycoris = operation.StartsWith("LyCORIS forward", StringComparison.Ordinal) && golden["method"].GetString() == "locon";
        if (!kohya && !lycoris) throw Golden.NotCovered($"{operation} {golden["method"]}");
        string[] known = kohya ? ["dropout", "rank_dropout", "module_dropout"] : ["module_dropout"];
        if (golden["options"].EnumerateObject().Select(option => option.Name).FirstOrDefault(option => !known.Contains(option)) is { } other)
            throw Golden.NotCovered($"{operation} with {other}");
    }

    static double Chance(GoldenCase golden, string option) => golden["options"].TryGetProperty(option, out var value) ? value.GetDouble() : 0;

    // The padding follows from the sizes.
    static AdaptableLayer Layer(Tensor weight, Tensor bias, long[] input, long[] output) => weight.dim() switch
    {
        2 => AdaptedLayerGoldens.Layer(LayerKind.Linear, weight, bias),
        4 => AdaptedLayerGoldens.Layer(LayerKind.Conv2d, weight, bias, padding: (output[^1] - input[^1] + weight.shape[^1] - 1) / 2),
        var axes => throw Golden.NotCovered($"a weight of {axes} axes"),
    };

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");
}
