using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Processors of transformers, each alone and in chains, on given logits.</summary>
public class SamplingGoldens
{
    const string Group = "language/sampling";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Processor(string name) => Golden.Run(Group, name, golden =>
    {
        var file = Safetensors.Open(Path.Combine(golden.Group.Folder, golden.Group.Json.GetProperty("logits").GetString()!));
        using var logits = file.Read("logits");
        using var ids = file.Read("input_ids");
        using var wanted = file.Read(name);
        float tolerance = golden.Group.Json.GetProperty("tolerance").GetProperty("logits_abs").GetSingle();
        for (int row = 0; row < logits.shape[0]; row++)
        {
            float[] got = [.. Row(logits, row)];
            int[] history = [.. Row(ids, row, one => one.data<long>()).Select(id => (int)id)];
            foreach (var processor in Processors(golden)) processor.Process(new(history, PromptLength(golden, history.Length)), got);
            LogitRows.AssertClose(Row(wanted, row), got, tolerance, $"row {row}");
            if (golden["kept"] is { ValueKind: JsonValueKind.Array } kept)
                Assert.Equal(kept[row].GetInt32(), got.Count(logit => !float.IsNegativeInfinity(logit)));
        }
    });

    static List<LogitsProcessor> Processors(GoldenCase golden)
    {
        var given = golden["parameters"];
        if (golden.Name == "normalise") return [new Renormalized()];
        var options = GenerationParameters.Of(given);
        // The class alone is given in tokens beyond the prompt, generate in the longest text.
        if (given.TryGetProperty("max_length", out var longest)) options = options with { MaxNewTokens = longest.GetInt32(), ForcedEnd = options.EndTokens };
        if (given.TryGetProperty("start", out var start)) options = options with { GrowingEnd = (start.GetInt32(), given.GetProperty("factor").GetDouble()) };
        return TransformersChain.Of(options with { Samples = true });
    }

    static int PromptLength(GoldenCase golden, int length)
    {
        var given = golden["parameters"];
        if (given.TryGetProperty("prompt_length", out var prompt)) return prompt.GetInt32();
        return given.TryGetProperty("generated_tokens", out var written) ? length - written.GetInt32() : 0;
    }

    static float[] Row(TorchSharp.torch.Tensor tensor, int row) => [.. Row(tensor, row, one => one.data<float>())];

    static IEnumerable<T> Row<T>(TorchSharp.torch.Tensor tensor, int row, Func<TorchSharp.torch.Tensor, IEnumerable<T>> data)
    {
        using var one = tensor[row].contiguous().clone();
        return [.. data(one)];
    }

    public static IEnumerable<TheoryDataRow<string>> GenerateCases => GenerationParameters.Names(Group, "generate_cases");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(GenerateCases)), Trait("kind", "goldens")]
    public void Generate(string name) => Golden.Run(Group, name, () => LanguageModelCases.Run(Group, "generate_cases", name));
}
