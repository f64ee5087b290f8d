using System.Text.Json;
using System.Text.RegularExpressions;
using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Prompts as AUTOMATIC1111 and ComfyUI read them, and the embeddings that come of them.</summary>
public sealed partial class PromptsGoldens
{
    const string Group = "diffusion/prompts";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Prompt(string name) => Golden.Run(Group, name, c =>
    {
        if (Has(c, "webui")) Weights(c);
        else if (Has(c, "schedule")) Schedule(c);
        else if (Has(c, "parts")) Joined(c);
        else if (Has(c, "backtrack")) Chunks(c);
        else if (Has(c, "emphasis")) WebUi(c);
        else if (Has(c, "weights")) Comfy(c);
        else throw Golden.NotCovered("a case of another kind");
    });

    static void Weights(GoldenCase c)
    {
        Assert.Equal(Pairs(c["webui"]), WebUiWeights.Read(Text(c)));
        Assert.Equal(Pairs(c["comfy"]), ComfyWeights.Read(Text(c)));
    }

    static IEnumerable<WeightedText> Pairs(JsonElement list) =>
        list.EnumerateArray().Select(pair => new WeightedText(pair[0].GetString()!, pair[1].GetDouble()));

    static void Schedule(GoldenCase c)
    {
        int steps = c["steps"].GetInt32();
        var pass = Has(c, "hires_steps") ? new PromptPass(c["hires_steps"].GetInt32(), steps) : new PromptPass(steps);
        bool old = Has(c, "use_old_scheduling") && c["use_old_scheduling"].GetBoolean();
        var want = c["schedule"].EnumerateArray().Select(entry => new ScheduledText(entry[0].GetInt32(), entry[1].GetString()!)).ToList();
        Assert.Equal(want, WebUiEdits.Read(Text(c), pass, old));
        // Whole prompts are read so too, in evaluations counted from 0.
        var part = new WebUiSyntax(old).ReadNegative(Text(c), pass).Parts.Single();
        for (int i = 0; i <= want[^1].Until; i++) Assert.Equal(want.First(entry => i <= entry.Until).Text, part.At(i));
    }

    static void Joined(GoldenCase c)
    {
        Assert.Equal(Pairs(c["parts"]), WebUiSyntax.Parts(Text(c)));
        Assert.Equal(Pairs(c["parts"]).Select(part => part.Weight), PromptSyntax.WebUi.Read(Text(c), new(10)).Parts.Select(part => part.Weight));
    }

    static void Chunks(GoldenCase c)
    {
        var tokenizer = ClipTokenizer.Load(Path.Combine(Path.GetDirectoryName(c.Group.Folder)!, "models", "sd1", "tokenizer"));
        var got = new WebUiEncoding(Backtrack: c["backtrack"].GetInt32()).Chunks(tokenizer, Text(c));
        AssertChunks(got, c["tokens"], c["multipliers"]);
        Assert.Equal(c["token_count"].GetInt32(), got.Tokens);
    }

    static void AssertChunks(ChunkedPrompt got, JsonElement tokens, JsonElement weights)
    {
        Assert.Equal(tokens.EnumerateArray().Select(chunk => chunk.EnumerateArray().Select(id => id.GetInt64())), got.Chunks.Select(chunk => chunk.Ids));
        Assert.Equal(weights.EnumerateArray().Select(chunk => chunk.EnumerateArray().Select(weight => weight.GetDouble())), got.Chunks.Select(chunk => chunk.Weights));
    }

    static void WebUi(GoldenCase c)
    {
        var emphasis = c["emphasis"].GetString() switch
        {
            "Original" => Emphasis.Original,
            "No norm" => Emphasis.NoNorm,
            "Ignore" => Emphasis.Ignore,
            "None" => Emphasis.None,
            var other => throw Golden.NotCovered($"emphasis {other}"),
        };
        string[] texts = Has(c, "texts") ? [.. c["texts"].EnumerateArray().Select(text => text.GetString()!)] : [Text(c)];
        int? skip = Has(c, "clip_skip") ? c["clip_skip"].GetInt32() : null;
        using var model = StableDiffusion.Load(DiffusionFolder.Of(c, "model"), Lowrank.Torch.Layers.Storage.Default);
        using var grad = no_grad();
        c.AssertClose(new WebUiEncoding(emphasis).Encode(model, texts, skip).Context, c.Expected("embeddings"), "embeddings");
    }

    static void Comfy(GoldenCase c)
    {
        // A case names a whole model, or one encoder of an XL model.
        string folder = DiffusionFolder.Of(c, "model"), part = Path.GetFileName(folder);
        bool isPart = part.StartsWith("text_encoder", StringComparison.Ordinal);
        using var model = StableDiffusion.Load(isPart ? Path.GetDirectoryName(folder)! : folder, Lowrank.Torch.Layers.Storage.Default);
        bool isSecond = part == "text_encoder_2";
        var encoder = isSecond ? model.TextEncoder2! : model.TextEncoder;
        var tokenizer = isSecond ? model.Tokenizer2! : model.Tokenizer;
        AssertChunks(PromptEncoding.Comfy.Chunks(tokenizer, Text(c)), c["tokens"], c["weights"]);

        // The layer stands in the case's name alone.
        int? skip = StopAtLayer().Match(c.Name) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan) : null;
        var state = PromptEncoding.Comfy.State(model.Family, encoder.Config.Layers, skip);
        using var grad = no_grad();
        var got = PromptEncoding.Comfy.Encode(encoder, tokenizer, [Text(c)], state);
        c.AssertClose(got.States, c.Expected("embeddings"), "embeddings");
        if (c.ExpectedNames.Contains("pooled")) c.AssertClose(got.Pooled, c.Expected("pooled"), "pooled");
    }

    [GeneratedRegex("stop_at_last_layer_minus_([0-9]+)")]
    private static partial Regex StopAtLayer();

    static bool Has(GoldenCase c, string fact) => c[fact].ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    static string Text(GoldenCase c) => c["text"].GetString()!;
}
