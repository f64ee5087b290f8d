using System.Text.Json;

namespace Lowrank.Stranger.Tests;

/// <summary>llama.cpp, by LLamaSharp, computes what we do from the models and adapters that we write.</summary>
public class StrangerTests
{
    // In f32 llama.cpp differs by its table of GELU, which is in f16. In f16 it rounds what it multiplies with too: the goldens saw 0.005
    // without adapters and 0.009 with, on models that were made in f16.
    const double InFloat = 5e-3, InHalf = 0.02;

    // No longer than what the tiny Phi-3 was made for: beyond, llama.cpp takes other divisors for its rotation.
    const uint Context = 32;

    const string Adapters = "language/gguf-lora";

    static readonly string[] models = ["llama-spm", "llama3-bpe", "smollm", "mistral", "qwen2", "qwen3", "gpt2", "gemma2", "gemma3", "phi3"];

    static readonly string[] madeInHalf = ["llama-spm", "mistral", "gemma2", "phi3"];

    public static IEnumerable<TheoryDataRow<string, string>> Models =>
        [.. models.Select(name => new TheoryDataRow<string, string>(name, "F32")), .. madeInHalf.Select(name => new TheoryDataRow<string, string>(name, "F16"))];

    static void AssertSame(string dtype, float[] ours, float[] theirs)
    {
        Assert.Equal(ours.Length, theirs.Length);
        double off = ours.Zip(theirs, (one, other) => Math.Abs(one - other)).Max(), allowed = dtype == "F32" ? InFloat : InHalf;
        TestContext.Current.TestOutputHelper?.WriteLine($"{dtype}: logits are {off:g4} apart");
        Assert.True(off <= allowed, $"logits are {off:g4} apart, allowed are {allowed}");
    }

    [Theory, MemberData(nameof(Models))]
    public void AModelHasTheSameLogits(string name, string dtype)
    {
        using var model = new TinyModel(name, dtype);
        using var theirs = new LlamaCpp(model.GgufPath, Context);
        AssertSame(dtype, model.Logits(model.Tokens), theirs.Logits(model.Tokens));
    }

    // What no GGUF adapter holds is refused when it is written; one that works from certain tokens on is the server's to switch on.
    static readonly string[] left =
    [
        "embedding-tied", "head-tied", "head-tied-gemma2", "modules-to-save-head", "modules-to-save-norms", "norms-to-save-gemma2", "dora", "bias-lora-only",
        "lora-bias", "trainable-tokens", "alora",
    ];

    public static IEnumerable<TheoryDataRow<string, string>> Cases =>
        from golden in GoldenGroup.Open(Adapters).Cases
        where !left.Contains(golden.Name)
        from dtype in madeInHalf.Contains(Base(golden.Json)) ? new[] { "F32", "F16" } : ["F32"]
        select new TheoryDataRow<string, string>(golden.Name, dtype);

    static string Base(JsonElement json) => Path.GetFileName(json.GetProperty("base").GetString()!);

    [Theory, MemberData(nameof(Cases))]
    public void AnAdapterHasTheSameLogitsAtEveryStrength(string name, string dtype)
    {
        var golden = GoldenGroup.Open(Adapters).Cases.First(c => c.Name == name);
        using var model = new TinyModel(Base(golden.Json), dtype);
        string path = Written(golden, model);
        using var theirs = new LlamaCpp(model.GgufPath, Context);
        var plain = model.Logits(model.Tokens);
        foreach (float strength in new[] { 1, 0.5f, -0.5f })
        {
            using var adapter = AdapterFile.Read(Peft(golden), model.Model.Describe());
            using var attached = model.Model.Describe().Attach(adapter, strength);
            var ours = model.Logits(model.Tokens);
            if (name != "alpha-zero") Assert.Contains(ours.Zip(plain), pair => Math.Abs(pair.First - pair.Second) > 0.1);
            theirs.Adapt((path, strength));
            AssertSame(dtype, ours, theirs.Logits(model.Tokens));
        }
    }

    static string Written(GoldenCase golden, TinyModel model)
    {
        string path = model.Beside("adapter.gguf");
        using var adapter = AdapterFile.Read(Peft(golden), model.Model.Describe());
        AdapterFile.Write(path, adapter, model.Model.Describe(), "gguf");
        return path;
    }

    static string Peft(GoldenCase golden) => Path.Combine(golden.Group.Folder, golden["peft"].GetString()!);

    [Fact]
    public void TwoAdaptersAddUp()
    {
        var json = GoldenGroup.Open(Adapters).Json.GetProperty("together")[1];
        using var model = new TinyModel(Base(json), "F32");
        using var theirs = new LlamaCpp(model.GgufPath, Context);
        var given = json.GetProperty("adapters").EnumerateArray().Select((one, at) => Given(one, at)).ToList();
        theirs.Adapt([.. given.Select(one => (one.Path, (float)one.Strength))]);
        var attached = given.Select(one => model.Model.Describe().Attach(AdapterFile.Read(one.Path, model.Model.Describe()), one.Strength)).ToList();
        AssertSame("F32", model.Logits(model.Tokens), theirs.Logits(model.Tokens));
        attached.ForEach(one => one.Dispose());

        (string Path, double Strength) Given(JsonElement one, int at)
        {
            string peft = Path.Combine(GoldenGroup.Open(Adapters).Folder, "peft", one.GetProperty("name").GetString()!), path = model.Beside($"{at}.gguf");
            using var adapter = AdapterFile.Read(peft, model.Model.Describe());
            AdapterFile.Write(path, adapter, model.Model.Describe(), "gguf");
            return (path, one.GetProperty("strength").GetDouble());
        }
    }
}
