using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Language;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;
using Storage = Lowrank.Torch.Layers.Storage;

namespace Goldens;

/// <summary>Texts that a tiny language model writes under the rules of a case: whole runs of transformers' <c>generate</c>.</summary>
sealed class LanguageModelCases : IDisposable
{
    readonly GoldenGroup group;
    readonly JsonElement json;
    readonly ITensorFile tensors;
    readonly CausalModel model;
    readonly string name;

    LanguageModelCases(string groupName, JsonElement json)
    {
        group = GoldenGroup.Open(groupName);
        this.json = json;
        name = json.GetProperty("name").GetString()!;
        string given = json.GetProperty("base").GetString()!;
        string folder = Path.Combine(group.Folder, given.Contains('/') ? given : $"../models/{given}");
        if (!Directory.Exists(folder)) throw Golden.NotCovered($"the model {folder} is not there");
        tensors = group.Json.TryGetProperty("generate", out var file) ? Safetensors.Open(Path.Combine(group.Folder, file.GetString()!)) : group.Tensors;
        model = LanguageModels.Load<CausalModel>(folder, new Storage(ScalarType.Float32));
        GenerationParameters.Vocabulary = model.Config.VocabularySize;
    }

    /// <summary>Runs a case and compares all that it tells.</summary>
    public static void Run(string group, string list, string name)
    {
        var json = GoldenGroup.Open(group).Json.GetProperty(list).EnumerateArray().First(one => one.GetProperty("name").GetString() == name);
        using var scope = NewDisposeScope();
        using var cases = new LanguageModelCases(group, json);
        using (no_grad()) cases.Check();
    }

    public void Dispose() => model.Dispose();

    void Check()
    {
        var parameters = json.GetProperty("parameters");
        var options = GenerationParameters.Of(parameters, json.TryGetProperty("eos_token_id", out var ends) ? ends : default);
        if (json.TryGetProperty("max_new_tokens", out var most)) options = options with { MaxNewTokens = most.GetInt32(), Samples = true };
        var prompts = Prompts();
        var written = Written(prompts, options, parameters);
        AssertTokens([.. written.Select(text => text.Ids)], IsSearched(parameters) && options.EndTokens.Count > 0 ? options.EndTokens[0] : 0);
        if (parameters.TryGetProperty("max_time", out _)) return;
        var generator = json.TryGetProperty("seed", out var seed) ? new MersenneTwister(seed.GetInt64()) : null;
        if (IsSearched(parameters)) CheckBeams(Search(prompts, GenerationParameters.Beams(parameters), options, generator), options);
        else CheckTexts(Write(prompts, options, generator));
    }

    static bool IsSearched(JsonElement parameters) => parameters.TryGetProperty("num_beams", out _);

    // What the model writes by itself, all rows at once and from one generator.
    IReadOnlyList<GeneratedText> Written(List<int[]> prompts, SamplingOptions options, JsonElement parameters)
    {
        var how = new GenerationOptions
        {
            Sampling = options,
            IgnoresEnd = options.EndTokens.Count == 0,
            Beams = IsSearched(parameters) ? GenerationParameters.Beams(parameters) : null,
            MaxTime = parameters.TryGetProperty("max_time", out var time) ? TimeSpan.FromSeconds(time.GetDouble()) : null,
        };
        using var writer = new LanguageModel(model, new LoadedTokenizer(Tokenizers.FromJson(AnyTokenizer), "none"));
        long? seed = json.TryGetProperty("seed", out var given) ? given.GetInt64() : null;
        return writer.GenerateAll([.. prompts.Select(prompt => new GenerationRequest(prompt, how))], seed, cancel: TestContext.Current.CancellationToken);
    }

    // Of the texts the ids alone are compared.
    const string AnyTokenizer = """{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"} }""";

    // Each row's prompt without its padding; all rows, or the first alone.
    List<int[]> Prompts()
    {
        string key = json.GetProperty("base").GetString()!.Split('/')[^1];
        using var ids = tensors.Read($"{key}.input_ids");
        using var mask = tensors.Read($"{key}.attention_mask");
        bool isFirst = json.TryGetProperty("rows", out var rows) && rows.GetString()!.StartsWith("the first row", StringComparison.Ordinal);
        var prompts = new List<int[]>();
        for (int row = 0; row < (isFirst ? 1 : ids.shape[0]); row++)
        {
            long[] real = Longs(mask[row]);
            prompts.Add([.. Longs(ids[row]).Where((_, at) => real[at] == 1).Select(id => (int)id)]);
        }
        return prompts;
    }

    // Logits of what follows each of some texts of the same length, one row behind the other.
    float[] Logits(IReadOnlyList<int[]> texts)
    {
        using var scope = NewDisposeScope();
        long[] flat = [.. texts.SelectMany(text => text.Select(id => (long)id))];
        var ids = tensor(flat, dtype: ScalarType.Int64, device: CPU).reshape(texts.Count, texts[0].Length);
        var hidden = model.Run(new(ids)).Hidden;
        return [.. model.Logits(hidden.narrow(1, texts[0].Length - 1, 1)).to(ScalarType.Float32).reshape(-1).contiguous().data<float>()];
    }

    // One generator for all rows, which rows that have ended go on taking numbers from.
    List<(List<int> Tokens, List<float> Scores)> Write(List<int[]> prompts, SamplingOptions options, MersenneTwister? generator)
    {
        var rows = prompts.Select(_ => (Tokens: new List<int>(), Scores: new List<float>())).ToList();
        bool HasEnded(List<int> tokens) => tokens.Count > 0 && options.EndTokens.Contains(tokens[^1]);
        var sampler = new TransformersSampler(options, generator);
        for (int place = 0; place < options.MaxNewTokens && rows.Any(row => !HasEnded(row.Tokens)); place++)
            foreach (var (at, row) in rows.Index())
            {
                if (HasEnded(row.Tokens))
                {
                    if (generator is not null) TransformersSampler.Pass(generator, model.Config.VocabularySize);
                    continue;
                }
                int[] history = [.. prompts[at], .. row.Tokens];
                float[] logits = Logits([history]);
                row.Tokens.Add(sampler.Next(new(history, prompts[at].Length), logits));
                row.Scores.Add((float)(logits[row.Tokens[^1]] - LogSum(logits)));
            }
        return rows;
    }

    static double LogSum(float[] logits)
    {
        double max = logits.Max();
        return max + Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
    }

    // Step by step over all prompts, as draws are made.
    List<IReadOnlyList<Beam>> Search(List<int[]> prompts, BeamOptions beams, SamplingOptions options, MersenneTwister? generator)
    {
        var searches = prompts.Select(prompt => new BeamSearch(prompt, beams, options, generator)).ToList();
        while (searches.Any(search => !search.IsDone))
            foreach (var (at, search) in searches.Index())
                if (!search.IsDone) search.Step(Logits([.. search.Running.Select(beam => (int[])[.. prompts[at], .. beam.Written])]));
                else if (generator is not null) generator.Skip(2L * search.Running.Count * model.Config.VocabularySize);
        return [.. searches.Select(search => search.Results)];
    }

    void CheckTexts(List<(List<int> Tokens, List<float> Scores)> rows)
    {
        AssertTokens([.. rows.Select(row => row.Tokens)]);
        if (Expected("transition_scores") is not { } wanted) return;
        using (wanted)
            foreach (var (at, row) in rows.Index()) AssertScores(wanted[at], row.Scores, $"row {at}");
    }

    void CheckBeams(List<IReadOnlyList<Beam>> found, SamplingOptions options)
    {
        List<Beam> all = [.. found.SelectMany(results => results)];
        // transformers takes a pad token of 0 for none here, and fills up with the first end token.
        AssertTokens([.. all.Select(beam => beam.Written)], options.EndTokens.Count > 0 ? options.EndTokens[0] : 0);
        using (var scores = Expected("sequences_scores") ?? tensors.Read($"{name}.scores"))
            AssertScores(scores, [.. all.Select(beam => beam.Score)], "score");
        if (Expected("transition_scores") is { } wanted)
            using (wanted)
                foreach (var (at, beam) in all.Index()) AssertScores(wanted[at], beam.TokenScores, $"text {at}");
        if (Expected("beam_indices") is not { } indices) return;
        int beams = json.GetProperty("parameters").GetProperty("num_beams").GetInt32(), returned = all.Count / found.Count;
        using (indices)
            foreach (var (at, beam) in all.Index())
                Assert.Equal(Longs(indices[at]).Where(index => index >= 0), beam.Beams.Select(one => (long)(one + at / returned * beams)));
    }

    // Shorter texts are filled up with the pad token.
    void AssertTokens(IReadOnlyList<IReadOnlyList<int>> rows, long instead = 0)
    {
        using var wanted = Expected("tokens") ?? tensors.Read(name);
        long pad = json.TryGetProperty("pad_token_id", out var given) ? given.GetInt64() : 0;
        if (pad == 0) pad = instead;
        Assert.Equal(wanted.shape[0], rows.Count);
        foreach (var (at, row) in rows.Index())
        {
            long[] tokens = Longs(wanted[at]);
            long[] filled = [.. row.Select(id => (long)id), .. Enumerable.Repeat(pad, Math.Max(0, tokens.Length - row.Count))];
            Assert.Equal(tokens, filled);
        }
    }

    void AssertScores(Tensor wanted, IReadOnlyList<float> got, string what)
    {
        double tolerance = json.TryGetProperty("tolerance", out var given) ? given.GetProperty("scores_abs").GetDouble() : 1e-4;
        float[] scores = [.. wanted.contiguous().clone().data<float>()];
        foreach (var (at, (want, have)) in scores.Zip(got).Index())
            Assert.True(want.Equals(have) || Math.Abs(want - have) <= tolerance, $"{what}, place {at}: {have}, expected {want} within {tolerance}");
    }

    Tensor? Expected(string what)
    {
        bool isTold = json.TryGetProperty("expected", out var expected) && expected.TryGetProperty(what, out _);
        return isTold ? tensors.Read(expected.GetProperty(what).GetString()!) : null;
    }

    static long[] Longs(Tensor tensor) => [.. tensor.to(ScalarType.Int64).contiguous().clone().data<long>()];
}
