using System.Globalization;
using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Whole adapter files on small hosts: every layer's rank, scale and change of weight, and what the hosts answer at each strength.</summary>
public sealed class AdapterFilesGoldens
{
    const string Group = "files";

    static readonly string[] dialects = ["kohya", "kohya-sgm"], methods = ["lora", "lora-tucker"];

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Adapter_file(string name) => Golden.Run(Group, name, golden =>
    {
        string dialect = golden["dialect"].GetString()!;
        if (!dialects.Contains(dialect)) throw Golden.NotCovered($"the dialect {dialect}");
        var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden.Group.Folder, golden["table"].GetString()!))).RootElement.EnumerateArray().ToList();
        foreach (var row in table) RefuseOtherThanLora(row);
        double strongest = golden["strengths"][0].GetDouble();

        var host = AdapterHost.Open(golden["host"].GetString()!);
        bool hasOthers = golden["keys_without_module"].GetArrayLength() > 0;
        using var adapter = AdapterFile.Read(Path.Combine(golden.Group.Folder, golden["file"].GetString()!), host.Model, allowLeftOver: hasOthers);
        Assert.Equal(golden["modules"].GetInt32(), adapter.Targets.Count);
        Assert.Equal(table.Count, adapter.Targets.Count);
        foreach (var row in table) AssertRow(golden, row, adapter, host.Model, strongest);

        AssertOutputs(golden, host.Outputs(), host.Expected());
        using var expected = Containers.Open(Path.Combine(golden.Group.Folder, golden["expected"].GetString()!));
        foreach (double strength in golden["strengths"].EnumerateArray().Select(s => s.GetDouble()))
        {
            var want = expected.Tensors.Where(t => t.Name.StartsWith(Text(strength) + "/", StringComparison.Ordinal)).ToDictionary(t => t.Name[(Text(strength).Length + 1)..], t => expected.Read(t.Name));
            using var attachment = host.Model.Attach(adapter, strength);
            AssertOutputs(golden, host.Outputs(), want);
            host.Model.Merge();
            AssertOutputs(golden, host.Outputs(), want);
            foreach (var (key, delta) in want.Where(pair => pair.Key.StartsWith("delta/", StringComparison.Ordinal)))
                AssertDelta(golden, key, delta, adapter, host.Model, strength);
        }
        AssertOutputs(golden, host.Outputs(), host.Expected());   // nothing stays behind
    });

    static void RefuseOtherThanLora(JsonElement row)
    {
        string method = row.GetProperty("method").GetString()!;
        if (!methods.Contains(method)) throw Golden.NotCovered($"the method {method}");
        foreach (string feature in new[] { "dora", "bias_delta", "on_input" })
            if (row.TryGetProperty(feature, out _)) throw Golden.NotCovered(feature);
    }

    static void AssertRow(GoldenCase golden, JsonElement row, Adapter adapter, ModelDescription model, double strongest)
    {
        string module = row.GetProperty("module").GetString()!;
        var lora = Assert.IsType<Lora>(adapter.Targets[module.Replace(':', '.')]);
        var component = model.Components.First(c => module.StartsWith(c.Name + ":", StringComparison.Ordinal));
        Assert.Contains(row.GetProperty("key").GetString(), Dialects.Named("kohya").Names(model, component, lora.Target));
        Assert.Equal(row.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64()), lora.Target.WeightShape);
        Assert.Equal(row.GetProperty("rank").GetInt32(), lora.Rank);
        Assert.Equal(row.GetProperty("alpha") is { ValueKind: JsonValueKind.Number } alpha ? alpha.GetDouble() : lora.Rank, lora.Alpha, 1e-5 * lora.Alpha);
        Assert.Equal(row.GetProperty("scale").GetDouble(), lora.Scale, 1e-5 * lora.Scale);
        foreach (var strength in row.GetProperty("delta").EnumerateObject())
        {
            using var scope = NewDisposeScope();
            var delta = Delta(lora, component, double.Parse(strength.Name, CultureInfo.InvariantCulture));
            double[] got = [delta.sum().ToDouble(), delta.abs().sum().ToDouble(), delta.norm().ToDouble()];
            // Relative, and absolute for a sum whose terms nearly cancel.
            double relative = Tolerance(golden, "summary_relative");
            foreach (var (want, value) in strength.Value.EnumerateArray().Select(v => v.GetDouble()).Zip(got))
                Assert.True(Math.Abs(value - want) <= relative * Math.Abs(want) + relative, $"{module} at {strength.Name}: {value} for {want}");
        }
    }

    // W' - W in float64, where the subtraction loses nothing of note.
    static Tensor Delta(Reparameterization reparameterization, ModelComponent component, double strength)
    {
        var target = reparameterization.Target;
        var weight = target.ToMatrix(component.Targets.First(t => t.Target.Path == target.Path).Layer.Weight).to(ScalarType.Float64);
        return target.FromMatrix(reparameterization.Apply(weight, strength) - weight);
    }

    // delta/COMPONENT:PATH.weight
    static void AssertDelta(GoldenCase golden, string key, Tensor want, Adapter adapter, ModelDescription model, double strength)
    {
        string[] parts = key["delta/".Length..].Split(':');
        if (!parts[1].EndsWith(".weight", StringComparison.Ordinal)) throw Golden.NotCovered($"no way to {key}");
        var component = model.Components.First(c => c.Name == parts[0]);
        var got = Delta(adapter.Targets[$"{parts[0]}.{parts[1][..^".weight".Length]}"], component, strength);
        golden.AssertClose(got, want, $"{key} at {strength}", atol: Tolerance(golden, "delta_relative_to_max") * want.abs().max().ToDouble(), rtol: 0);
    }

    static void AssertOutputs(GoldenCase golden, IReadOnlyDictionary<string, Tensor> got, IReadOnlyDictionary<string, Tensor> want)
    {
        foreach (var (name, value) in want)
            if (!name.StartsWith("delta/", StringComparison.Ordinal)) golden.AssertClose(got[name], value, name, atol: Tolerance(golden, "output_abs"), rtol: 0);
    }

    static double Tolerance(GoldenCase golden, string what) => golden.Group.Json.GetProperty("tolerance").GetProperty(what).GetDouble();

    static string Text(double strength) => strength.ToString("0.0###", CultureInfo.InvariantCulture);
}
