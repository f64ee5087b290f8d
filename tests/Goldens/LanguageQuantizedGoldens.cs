using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Logits of models whose folders hold weights of few bits.</summary>
public class LanguageQuantizedGoldens
{
    const string Group = "language/quant2";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Logits(string name) => Golden.Run($"{Group} logits", name, () =>
    {
        var golden = GoldenGroup.Open(Group).Cases.First(c => c.Name == name);
        string folder = golden.Group.Folder;
        using var facts = new LanguageCaseFacts(folder, golden.Json);
        string[] inputs = golden["inputs"].GetString()!.Split(": ");   // a file, and the name in it
        using var given = Safetensors.Open(Path.Combine(folder, inputs[0]));
        using var grad = no_grad();
        using var model = LanguageCaseFacts.Load<CausalModel>(facts.PathOf("folder"));
        using var plain = LanguageCaseFacts.Load<CausalModel>(Path.Combine(folder, golden.Group.Json.GetProperty("base").GetString()!));
        TakeUnquantised(plain, model);
        var got = model.Logits(model.Run(new(given.Read(inputs[1]))).Hidden);
        double tolerance = facts.Tolerance("logits_abs");
        facts.AssertClose(got, facts.Read("logits"), "logits", tolerance);

        // An adapter sits on layers of few bits as on any.
        Assert.Contains(model.Describe().LayersByPath.Values, layer => layer.Weight is PackedWeight);
        using var adapter = AdapterFile.Read(facts.PathOf("adapter"), model.Describe());
        using var attached = model.Describe().Attach(adapter, 1);
        facts.AssertClose(model.Logits(model.Run(new(given.Read(inputs[1]))).Hidden), facts.Read("lora.logits"), "lora.logits", tolerance);
    });

    public static IEnumerable<TheoryDataRow<string>> Written => [.. new[] { "llama-fp4", "llama-int8" }
        .Where(name => Directory.Exists(Path.Combine(GoldenFolder.Root, Group, name))).Select(name => new TheoryDataRow<string>(name))];

    // The base's folder rounded has the very tensors that bitsandbytes saved of it.
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Written)), Trait("kind", "goldens")]
    public void WrittenFolder(string name) => Golden.Run($"{Group} written", name, () =>
    {
        string root = Path.Combine(GoldenFolder.Root, Group);
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        QuantizedFolder.Write(Path.Combine(root, "base"), folder["out"], new(name["llama-".Length..]));
        using ITensorFile want = Safetensors.Open(Path.Combine(root, name, "model.safetensors")), got = Safetensors.Open(folder["out/model.safetensors"]);
        Assert.Equal(want.Tensors.Select(info => info.Name).Order(StringComparer.Ordinal), got.Tensors.Select(info => info.Name).Order(StringComparer.Ordinal));
        foreach (var info in want.Tensors)
        {
            Assert.Equal((info.Dtype, info.Shape.Length), (got.Tensors.First(one => one.Name == info.Name).Dtype, got.Tensors.First(one => one.Name == info.Name).Shape.Length));
            GoldenList.AssertSame(want.Read(info.Name), got.Read(info.Name), info.Name);
        }
        using var stored = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(root, name, "config.json")));
        using var written = System.Text.Json.JsonDocument.Parse(File.ReadAllText(folder["out/config.json"]));
        Assert.Equal(Setting(stored, "quant_method"), Setting(written, "quant_method"));
        Assert.Equal(Setting(stored, "load_in_4bit"), Setting(written, "load_in_4bit"));
    });

    static string Setting(System.Text.Json.JsonDocument config, string field) => config.RootElement.GetProperty("quantization_config").GetProperty(field).GetRawText();

    // What is not quantised is the base's in the numbers that are expected, also where a folder keeps it in a narrower dtype.
    static void TakeUnquantised(CausalModel plain, CausalModel model)
    {
        var own = model.state_dict();
        foreach (var (name, value) in plain.state_dict())
            if (name.Contains("norm", StringComparison.Ordinal) || name.Contains("embed_tokens", StringComparison.Ordinal) || name.StartsWith("lm_head", StringComparison.Ordinal))
                own[name].copy_(value);
    }
}
