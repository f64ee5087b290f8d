using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Models in GGUF files, as llama.cpp's converter and quantiser write them and as gguf-py does: what they answer.</summary>
public class GgufModelsGoldens
{
    static readonly GoldenList converted = new("language/gguf2", "cases.json"), small = new("language/quant", "gguf_cases.json");

    public static IEnumerable<TheoryDataRow<string>> Converted => converted.Rows;

    public static IEnumerable<TheoryDataRow<string>> Small =>
        small.All.Where(golden => !golden.TryGetProperty("kind", out _)).Select(golden => new TheoryDataRow<string>(golden.GetProperty("name").GetString()!));

    // Of every model one file is stored.
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Converted)), Trait("kind", "goldens")]
    public void StoredFile(string name) => converted.Run(name, golden =>
    {
        var stored = golden.GetProperty("files").EnumerateArray().First(file => file.GetProperty("file").ValueKind == JsonValueKind.String);
        using var scope = NewDisposeScope();
        using var facts = Of(golden);
        CheckFile(facts, Path.Combine(converted.Folder, stored.GetProperty("file").GetString()!), stored.GetProperty("manifest").GetString()!);
    });

    /// <summary>A case of the converted models.</summary>
    internal static LanguageCaseFacts Of(JsonElement golden) => new(converted.Folder, golden, "expected.safetensors");

    /// <summary>Checks what a file of a case's model answers.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="path">The file.</param>
    /// <param name="manifest">What it is called: "qwen2.q8_0".</param>
    internal static void CheckFile(LanguageCaseFacts facts, string path, string manifest)
    {
        // A GGUF file of Mistral does not say that it slides; files of other numbers than the folder's have logits of their own.
        var want = facts.ReadNamed(facts.Json.TryGetProperty("logits_without_window", out _) ? "logits_without_window" : "expected");
        if (facts.Has($"{manifest}.logits")) want = facts.Read($"{manifest}.logits");
        using var grad = no_grad();
        using var model = LanguageCaseFacts.Load<LanguageNetwork>(path);
        AssertClose(facts, Answer(model, facts.ReadNamed("input_ids")), want, manifest);
        if (!facts.Json.TryGetProperty("long_input_ids", out _)) return;
        AssertClose(facts, Answer(model, facts.ReadNamed("long_input_ids"))[^3..], facts.ReadNamed("long_logits_last3"), $"{manifest}, long");
    }

    static void AssertClose(LanguageCaseFacts facts, Tensor got, Tensor want, string what) =>
        GoldenList.AssertClose(want, got, what, facts.Tolerance("atol"), facts.Tolerance("rtol"));

    static Tensor Answer(LanguageNetwork model, Tensor ids)
    {
        var input = new LanguageInput(ids.unsqueeze(0));
        return model is CausalModel causal ? causal.Logits(causal.Run(input).Hidden)[0] : ((EncoderModel)model).Run(input).Hidden[0];
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Small)), Trait("kind", "goldens")]
    public void SmallFile(string name) => Golden.Run($"{small.Name} logits", name, () =>
    {
        var golden = small.All.First(one => one.GetProperty("name").GetString() == name);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var facts = new LanguageCaseFacts(small.Folder, golden, "gguf.expected.safetensors");
        using var model = LanguageCaseFacts.Load<LanguageNetwork>(facts.PathOf("file"));
        var got = Answer(model, facts.Read($"{name}.input_ids").reshape(-1));
        facts.AssertClose(got, facts.ReadNamed("logits").reshape(got.shape), "logits", facts.Tolerance("logits_abs"));
    });
}
