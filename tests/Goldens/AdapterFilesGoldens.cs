using System.Globalization;
using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Whole adapter files: which layer each key belongs to, what the file makes of its weight, and what the model then answers.</summary>
public sealed class AdapterFilesGoldens
{
    const string Group = "files";

    // How the tables call the methods that are read here.
    static readonly string[] methods =
    [
        "lora", "lora-tucker", "loha", "loha-tucker", "lokr", "lokr-tucker", "full", "norm", "glora", "ia3", "diag-oft", "boft", "kohya-oft", "peft-oft", "peft-boft", "peft-ia3",
    ];

    // Names of the golden list are finer than ours: where a kohya file was made, and with which of its two spellings.
    static string DialectOf(string golden) => golden switch
    {
        _ when Dialects.All.Any(dialect => dialect.Name == golden) => golden,
        "lycoris-generic" => "lycoris",
        _ when golden.EndsWith("-like", StringComparison.Ordinal) => golden[..^"-like".Length],
        _ => golden.Split('-', '+')[0] is "lycoris" ? "kohya" : golden.Split('-', '+')[0],
    };

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void File(string name) => Golden.Run(Group, name, golden =>
    {
        var table = JsonDocument.Parse(System.IO.File.ReadAllText(Full(golden, "table"))).RootElement;
        var rows = table.EnumerateArray().ToList();
        string dialect = DialectOf(golden["dialect"].GetString()!);
        if (Dialects.All.All(known => known.Name != dialect)) throw Golden.NotCovered($"no dialect {dialect}");
        if (golden["methods"].EnumerateObject().Select(m => m.Name).FirstOrDefault(m => !methods.Contains(m)) is { } method) throw Golden.NotCovered($"no method {method}");

        using var host = new FilesHost(golden["host"].GetString()!);
        using var file = AdapterFile.Open(Full(golden, "file"));
        using var adapter = AdapterFile.Read(file, host.Model);
        Assert.Equal(dialect, adapter.Dialect);
        Assert.Equal(golden["modules"].GetInt32(), adapter.Targets.Count);
        foreach (var made in adapter.Targets.Values) made.eval();
        // What was recorded is the peer's reading of a strength other than 1.
        foreach (var row in rows)
            adapter.Targets[PathOf(row)].StrengthRule = dialect == "peft" || row.TryGetProperty("dora", out var dora) && dora.GetString() == "peft" ? StrengthRule.Peft : StrengthRule.Lycoris;
        AssertEmbeddings(golden, adapter);

        using var expected = Safetensors.Open(Full(golden, "expected"));
        using (no_grad())
        {
            var spelling = Dialects.Named(dialect).For(file, host.Model);
            foreach (var row in rows) AssertRow(golden, row, host, adapter, spelling);
            foreach (string key in expected.Tensors.Select(t => t.Name).Where(key => key.Split('/') is [_, "delta", _])) AssertChange(golden, key, expected, host, adapter);
        }
        AssertOutputs(golden, expected, host, adapter);
        AssertWrittenIsRead(host, adapter);
    });

    static string Full(GoldenCase golden, string field) => Path.Combine(golden.Group.Folder, golden[field].GetString()!);

    static double Tolerance(GoldenCase golden, string name) => golden.Group.Json.GetProperty("tolerance").GetProperty(name).GetDouble();

    static string PathOf(JsonElement row) => row.GetProperty("module").GetString()!.Replace(':', '.');

    // By the key, or by the name alone.
    static void AssertEmbeddings(GoldenCase golden, Adapter adapter)
    {
        double relative = Tolerance(golden, "summary_relative");
        var left = adapter.Embeddings.SelectMany(e => e.Vectors.Select(v => (e.Name, v.Key, v.Value))).ToList();
        if (golden["embeddings"] is { ValueKind: JsonValueKind.Object } given)
            foreach (var want in given.EnumerateObject())
            {
                string name = want.Value.TryGetProperty("embedding", out var told) ? told.GetString()! : want.Name;
                string component = want.Name.EndsWith(".clip_g", StringComparison.Ordinal) ? "text_encoder_2" : "text_encoder";
                var got = left.Single(e => e.Name == name && e.Key == component);
                left.Remove(got);
                Assert.Contains(adapter.Notes, note => note.Contains(name, StringComparison.Ordinal));
                long[] shape = [.. want.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())];
                Assert.Equal(shape.Length == 1 ? [1, shape[0]] : shape, got.Value.shape);
                double[] sums = want.Value.TryGetProperty("summary", out var three) ? [.. three.EnumerateArray().Select(value => value.GetDouble())] : [want.Value.GetProperty("sum").GetDouble()];
                double[] own = [got.Value.sum().ToDouble(), got.Value.abs().sum().ToDouble(), got.Value.norm().ToDouble()];
                for (int i = 0; i < sums.Length; i++) Assert.Equal(sums[i], own[i], relative * Math.Abs(sums[i]) + 1e-5);
            }
        Assert.Empty(left);
    }

    static void AssertRow(GoldenCase golden, JsonElement row, FilesHost host, Adapter adapter, Dialect spelling)
    {
        string path = PathOf(row);
        var made = adapter.Targets[path];
        if ((made is Dora { Inner: var inner } ? inner : made) is Lora lora)
        {
            Assert.Equal(row.GetProperty("rank").GetInt32(), lora.Rank);
            Assert.Equal(row.GetProperty("scale").GetDouble(), lora.Scale, 1e-6);
            // PEFT's alpha with rsLoRA is not over the rank, as ours is.
            if (row.GetProperty("alpha") is { ValueKind: JsonValueKind.Number } alpha && Math.Abs(alpha.GetDouble() / lora.Rank - lora.Scale) < 1e-6)
                Assert.Equal(alpha.GetDouble(), lora.Alpha, 1e-6);
        }
        var component = host.Model.Components.First(c => path.StartsWith(c.Name + ".", StringComparison.Ordinal));
        Assert.Contains(row.GetProperty("key").GetString()!, spelling.Spelling.Names(host.Model, component, made.Target));

        double relative = Tolerance(golden, "summary_relative");
        foreach (string part in new[] { "delta", "bias_delta" })
            foreach (var strength in row.TryGetProperty(part, out var given) && given.ValueKind == JsonValueKind.Object ? given.EnumerateObject().ToList() : [])
            {
                var delta = part == "delta" ? Change(host, adapter, path, strength.Name) : BiasChange(host, adapter, path, strength.Name);
                double[] want = [.. strength.Value.EnumerateArray().Select(value => value.GetDouble())], got = [delta.sum().ToDouble(), delta.abs().sum().ToDouble(), delta.norm().ToDouble()];
                for (int i = 0; i < want.Length; i++)
                    Assert.True(Math.Abs(want[i] - got[i]) <= relative * Math.Abs(want[i]) + (i == 0 ? 1e-5 : 0), $"{part} of {path} at {strength.Name}: number {i} is {got[i]}, expected {want[i]}");
            }
    }

    static void AssertChange(GoldenCase golden, string key, ITensorFile expected, FilesHost host, Adapter adapter)
    {
        var parts = key.Split('/');
        string path = parts[2].Replace(':', '.');
        var want = expected.Read(key);
        var got = path.EndsWith(".bias", StringComparison.Ordinal) ? BiasChange(host, adapter, path[..^".bias".Length], parts[0]) : Change(host, adapter, path[..^".weight".Length], parts[0]);
        golden.AssertClose(got, want, key, Tolerance(golden, "delta_relative_to_max") * want.abs().max().ToDouble(), 0);
    }

    static (Target Target, IAdaptable Layer) Find(FilesHost host, string path) => host.Model.Components.SelectMany(c => c.Targets).First(t => t.Target.Path == path);

    // W' - W in float64, in the weight's shape.
    static Tensor Change(FilesHost host, Adapter adapter, string path, string strength)
    {
        var (target, layer) = Find(host, path);
        var weight = target.ToMatrix(layer.Weight.Dense()).to(ScalarType.Float64);
        return target.FromMatrix(adapter.Targets[path].Apply(weight, double.Parse(strength, CultureInfo.InvariantCulture)) - weight);
    }

    static Tensor BiasChange(FilesHost host, Adapter adapter, string path, string strength)
    {
        var (target, layer) = Find(host, path);
        var bias = layer.Bias!.to(ScalarType.Float64);
        return adapter.Targets[path].ApplyBias(bias, target.ToMatrix(layer.Weight.Dense()).to(ScalarType.Float64), double.Parse(strength, CultureInfo.InvariantCulture))! - bias;
    }

    static void AssertOutputs(GoldenCase golden, ITensorFile expected, FilesHost host, Adapter adapter)
    {
        double tolerance = Tolerance(golden, "output_abs");
        var names = expected.Tensors.Select(t => t.Name).Where(key => key.Split('/').Length == 2).ToList();
        var untouched = golden["untouched_outputs"].EnumerateArray().Select(o => o.GetString()!).ToList();
        using var attachment = host.Model.Attach(adapter);
        foreach (double strength in golden["strengths"].EnumerateArray().Select(s => s.GetDouble()))
        {
            attachment.Strength = strength;
            var attached = host.Run();
            attachment.AssertUsed();
            host.Model.Merge();
            var merged = host.Run();
            host.Model.Unmerge();
            foreach (var (name, output) in attached)
            {
                string key = names.FirstOrDefault(n => n.EndsWith("/" + name, StringComparison.Ordinal) && double.Parse(n.Split('/')[0], CultureInfo.InvariantCulture) == strength) ?? "";
                var want = key.Length > 0 ? expected.Read(key) : host.Recorded(name);
                Assert.True(key.Length > 0 || untouched.Contains(name), $"nothing is expected of {name} at {strength}");
                golden.AssertClose(output, want, $"{name} at {strength}", tolerance, 0);
                golden.AssertClose(merged[name], want, $"{name} merged at {strength}", tolerance, 0);
            }
        }
        attachment.Detach();
        foreach (var (name, output) in host.Run()) golden.AssertClose(output, host.Recorded(name), $"{name} of the base", tolerance, 0);
    }

    // diffusers' files have alpha/rank in the up factor, and tell the rank as alpha.
    static IEnumerable<(string Part, Tensor Value)> Written(Reparameterization made, string dialect)
    {
        if (dialect != "diffusers") return made.Parts;
        var parts = made.Parts.ToDictionary(p => p.Part, p => p.Value);
        long rank = parts["down"].shape[0];
        double scale = parts["alpha"].ToDouble() / rank;
        return made.Parts.Select(p => (p.Part, p.Part switch { "up" or "up_bias" => p.Value * scale, "alpha" => torch.tensor((float)rank), _ => p.Value }));
    }

    static void AssertWrittenIsRead(FilesHost host, Adapter adapter)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}"), path = adapter.Dialect == "peft" ? folder : folder + ".safetensors";
        try
        {
            AdapterFile.Write(path, adapter, host.Model, adapter.Dialect!);
            using var again = AdapterFile.Read(path, host.Model);
            Assert.Equal(adapter.Dialect, again.Dialect);
            Assert.Equal(adapter.Targets.Keys.Order(StringComparer.Ordinal), again.Targets.Keys.Order(StringComparer.Ordinal));
            foreach (var (target, reparameterization) in adapter.Targets)
                foreach (var ((part, value), (otherPart, other)) in Written(reparameterization, adapter.Dialect!).Zip(again.Targets[target].Parts))
                {
                    Assert.Equal(part, otherPart);
                    Assert.True(value.allclose(other, 0, 0), $"{part} of {target} differs after writing and reading");
                }
            foreach (var (one, other) in adapter.Embeddings.OrderBy(e => e.Name).Zip(again.Embeddings.OrderBy(e => e.Name)))
            {
                Assert.Equal(one.Name, other.Name);
                foreach (var (component, vectors) in one.Vectors) Assert.True(vectors.allclose(other.Vectors[component], 0, 0));
            }
        }
        finally
        {
            if (System.IO.File.Exists(path)) System.IO.File.Delete(path);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }
}
