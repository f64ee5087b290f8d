using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Seeded draws of torch on a CPU, and of transformers' <c>generate</c> where logits are recorded.</summary>
public class SamplingDrawsGoldens
{
    const string Draws = "language/sampling2/multinomial", Generated = "language/sampling2/generate";

    public static IEnumerable<TheoryDataRow<string>> DrawCases => Golden.Cases(Draws);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DrawCases)), Trait("kind", "goldens")]
    public void Draw(string name) => Golden.Run(Draws, name, golden =>
    {
        var generator = new MersenneTwister(golden["seed"].GetInt64());
        if (golden["uint32"].ValueKind == JsonValueKind.Array) AssertStream(golden);
        else if (golden["uniforms"].ValueKind == JsonValueKind.Array) AssertWith(golden, generator);
        else if (golden["steps"].ValueKind == JsonValueKind.Number) AssertSteps(golden, generator);
        else AssertWithout(golden, generator);
    });

    static void AssertSteps(GoldenCase golden, MersenneTwister generator)
    {
        float[] probabilities = Floats(golden.Input("probs"));
        long[] tokens = Longs(golden.Expected("tokens"));
        float[] q = Floats(golden.Expected("q"));
        int vocabulary = golden.Group.Json.GetProperty("vocab").GetInt32();
        double tolerance = golden["tolerance"].GetProperty("q_rel").GetDouble();
        var exponentials = new MersenneTwister(golden["seed"].GetInt64());
        foreach (float wanted in q) Near(wanted, exponentials.NextExponential(), tolerance);
        int rows = golden["rows"].GetInt32();
        // One generator; the probabilities are the same in every step, or given for each.
        for (int draw = 0; draw < tokens.Length; draw++)
        {
            int at = draw * vocabulary % probabilities.Length;
            Assert.Equal(tokens[draw], Multinomial.Draw(probabilities.AsSpan(at, vocabulary), generator));
        }
        Assert.Equal(0, tokens.Length % rows);
    }

    static void AssertWithout(GoldenCase golden, MersenneTwister generator)
    {
        int vocabulary = golden.Group.Json.GetProperty("vocab").GetInt32();
        using var expected = golden.Expected("tokens");
        int count = (int)expected.shape[^1];
        Assert.Equal(Longs(expected), Floats(golden.Input("probs")).Chunk(vocabulary)
            .SelectMany(row => Multinomial.DrawWithout(row, count, generator)).Select(id => (long)id));
    }

    static void AssertWith(GoldenCase golden, MersenneTwister generator)
    {
        int vocabulary = golden.Group.Json.GetProperty("vocab").GetInt32();
        using var expected = golden.Expected("tokens");
        int count = (int)expected.shape[^1];
        Assert.Equal(Longs(expected), Floats(golden.Input("probs")).Chunk(vocabulary)
            .SelectMany(row => Multinomial.DrawWith(row, count, generator)).Select(id => (long)id));
    }

    static void AssertStream(GoldenCase golden)
    {
        MersenneTwister Fresh() => new(golden["seed"].GetInt64());
        double tolerance = golden["tolerance"].GetProperty("rel").GetDouble();
        Assert.All(golden["uint32"].EnumerateArray().Zip(Stream(Fresh(), one => one.NextUInt32())), pair => Assert.Equal(pair.First.GetUInt32(), pair.Second));
        Assert.All(golden["rand_f32"].EnumerateArray().Zip(Stream(Fresh(), one => one.NextSingle())), pair => Near(pair.First.GetDouble(), pair.Second, tolerance));
        Assert.All(golden["rand_f64"].EnumerateArray().Zip(Stream(Fresh(), one => one.NextDouble())), pair => Near(pair.First.GetDouble(), pair.Second, tolerance));
        Assert.All(golden["exponential_f32"].EnumerateArray().Zip(Stream(Fresh(), one => one.NextExponential())),
            pair => Near(pair.First.GetDouble(), pair.Second, tolerance));
        Assert.All(golden["randint_10"].EnumerateArray().Zip(Stream(Fresh(), one => one.Next(10))), pair => Assert.Equal(pair.First.GetUInt32(), pair.Second));
        Assert.Equal(golden["randperm_7"].EnumerateArray().Select(one => one.GetInt32()), Fresh().Permutation(7));
    }

    static IEnumerable<T> Stream<T>(MersenneTwister generator, Func<MersenneTwister, T> next)
    {
        while (true) yield return next(generator);
    }

    public static IEnumerable<TheoryDataRow<string>> GenerateCases => Golden.Cases(Generated);

    // The whole text, with a model; and where logits of places are recorded: from these, with the text before them and the numbers of the stream up to there, come the
    // processed scores and the tokens of these places.
    [Theory(SkipTestWithoutData = true), MemberData(nameof(GenerateCases)), Trait("kind", "goldens")]
    public void Generate(string name) => Golden.Run(Generated, name, golden =>
    {
        var expected = golden["expected"];
        using var tokens = golden.Expected("tokens");
        var (rows, places) = ((int)tokens.shape[0], (int)tokens.shape[1]);
        AssertExponentials(golden, rows);
        LanguageModelCases.Run(Generated, "cases", name);
        if (!expected.TryGetProperty("logits", out var logits)) return;
        var options = GenerationParameters.Of(golden["parameters"], golden["eos_token_id"]) with
        {
            Samples = true,
            MaxNewTokens = golden["max_new_tokens"].GetInt32(),
        };
        foreach (var (which, key) in logits.EnumerateArray().Index())
        {
            string recorded = key.GetString()!;
            int place = int.Parse(recorded[(recorded.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            using var given = golden.Group.Tensors.Read(recorded);
            using var scores = golden.Group.Tensors.Read(expected.GetProperty("scores")[which].GetString()!);
            AssertPlace(golden, options, given, scores, tokens, place);
        }
        Assert.True(places > 0);
    });

    static void AssertPlace(GoldenCase golden, SamplingOptions options, Tensor given, Tensor scores, Tensor tokens, int place)
    {
        int rows = (int)given.shape[0], vocabulary = (int)given.shape[1];
        var generator = new MersenneTwister(golden["seed"].GetInt64());
        for (int before = 0; before < place * rows; before++) TransformersSampler.Pass(generator, vocabulary);
        float tolerance = golden["tolerance"].GetProperty("logits_abs").GetSingle();
        for (int row = 0; row < rows; row++)
        {
            var (history, prompt) = History(golden, tokens, row, place);
            float[] logits = Floats(given[row]), processed = [.. logits];
            foreach (var processor in TransformersChain.Of(options)) processor.Process(new(history, prompt), processed);
            LogitRows.AssertClose(Floats(scores[row]), processed, tolerance, $"place {place}, row {row}");
            int token = new TransformersSampler(options, generator).Next(new(history, prompt), logits);
            Assert.Equal(Longs(tokens[row])[place], token);
        }
    }

    // The row's prompt without its padding, and what was written before the place.
    static (int[] History, int Prompt) History(GoldenCase golden, Tensor tokens, int row, int place)
    {
        long[] ids = Longs(golden.Input("input_ids")[row]), mask = Longs(golden.Input("attention_mask")[row]);
        var history = ids.Where((_, at) => mask[at] == 1).Select(id => (int)id).ToList();
        int prompt = history.Count;
        history.AddRange(Longs(tokens[row]).Take(place).Select(id => (int)id));
        return ([.. history], prompt);
    }

    static void AssertExponentials(GoldenCase golden, int rows)
    {
        using var q = golden.Expected("q");
        Assert.Equal(rows, q.shape[1]);
        var generator = new MersenneTwister(golden["seed"].GetInt64());
        foreach (float wanted in Floats(q)) Near(wanted, generator.NextExponential(), 1e-6);
    }

    static void Near(double wanted, double got, double relative) =>
        Assert.True(Math.Abs(wanted - got) <= relative * Math.Abs(wanted), $"{got}, expected {wanted} within {relative} of it");

    static float[] Floats(Tensor tensor) => [.. tensor.contiguous().clone().data<float>()];

    static long[] Longs(Tensor tensor) => [.. tensor.to(ScalarType.Int64).contiguous().clone().data<long>()];
}
