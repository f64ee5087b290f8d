using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>llama.cpp's samplers: each alone, draws, chains, DRY and infill.</summary>
public class LlamaCppSamplingGoldens
{
    const string Group = "language/sampling2/llama_cpp";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Sampler(string name) => Golden.Run(Group, name, golden =>
    {
        string sampler = golden["sampler"].GetString()!;
        if (sampler == "chain") AssertChain(golden);
        else if (sampler == "dry") AssertDry(golden);
        else if (golden["steps"].ValueKind == JsonValueKind.Number) AssertSteps(golden, LlamaCppCases.Sampler(golden));
        else AssertOne(golden, LlamaCppCases.Sampler(golden));
    });

    static void AssertOne(GoldenCase golden, CandidateSampler sampler)
    {
        var candidates = new Candidates(golden["logits"].ValueKind == JsonValueKind.String
            ? Floats(golden, golden["logits"].GetString()!) : Row(golden, "logits", golden["logits_row"].GetInt32()));
        foreach (int token in LlamaCppCases.Integers(golden["accepted"])) sampler.Accept(token);
        sampler.Apply(candidates);
        var expected = golden["expected"];
        Assert.Equal(golden["kept"].GetInt32(), candidates.Logits.ToArray().Count(logit => !float.IsNegativeInfinity(logit)));
        int[] ids = [.. Longs(golden, expected.GetProperty("ids").GetString()!).Select(id => (int)id)];
        float[] logits = Floats(golden, expected.GetProperty("logits").GetString()!);
        if (golden["ids_order"].ValueKind == JsonValueKind.String && golden["ids_order"].GetString() == "sorted") Assert.Equal(ids, candidates.Ids.ToArray());
        var got = candidates.Ids.ToArray().Zip(candidates.Logits.ToArray()).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.Equal(ids.Order(), got.Keys.Order());
        double tolerance = golden["tolerance"].GetProperty("logits_abs").GetDouble();
        LogitRows.AssertClose(logits, [.. ids.Select(id => got[id])], tolerance, "logits");
    }

    static void AssertSteps(GoldenCase golden, CandidateSampler sampler)
    {
        var expected = golden["expected"];
        for (int step = 0; step < golden["steps"].GetInt32(); step++)
        {
            int row = golden["logits_row"].ValueKind == JsonValueKind.Number ? golden["logits_row"].GetInt32() : step % RowCount(golden, "logits");
            var candidates = new Candidates(Row(golden, "logits", row));
            sampler.Apply(candidates);
            Assert.True(expected.GetProperty("kept")[step].GetInt32() == candidates.Count, $"step {step}: {candidates.Count} candidates");
            if (expected.TryGetProperty("tokens", out var tokens)) AssertChosen(golden, candidates, tokens[step].GetInt32(), step);
            if (candidates.Selected >= 0) sampler.Accept(candidates.Ids[candidates.Selected]);
        }
    }

    static void AssertChain(GoldenCase golden)
    {
        var sampler = new LlamaCppSampler(LlamaCppCases.Chain(golden));
        var expected = golden["expected"];
        var written = new List<int>();
        for (int step = 0; step < golden["steps"].GetInt32(); step++)
        {
            int token = sampler.Next(new([.. written], 0), Row(golden, golden["logits"].GetString()!, step));
            int left = sampler.Last!.Count;
            Assert.True(expected.GetProperty("kept")[step].GetInt32() == left, $"step {step}: {left} candidates");
            AssertChosen(golden, sampler.Last, expected.GetProperty("tokens")[step].GetInt32(), step);
            foreach (var (which, key) in expected.GetProperty("ids").EnumerateArray().Index())
                if (key.GetString()!.EndsWith($".{step}.ids", StringComparison.Ordinal))
                    AssertLeft(golden, sampler.Last, key.GetString()!, expected.GetProperty("probs")[which].GetString()!);
            written.Add(token);
        }
    }

    static void AssertLeft(GoldenCase golden, Candidates candidates, string ids, string probs)
    {
        var got = candidates.Ids.ToArray().Zip(candidates.Probabilities.ToArray()).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var (id, p) in Longs(golden, ids).Zip(Floats(golden, probs)))
            Assert.InRange(got[(int)id] - p, -Probability(golden), Probability(golden));
    }

    static void AssertChosen(GoldenCase golden, Candidates candidates, int token, int step)
    {
        Assert.True(token == candidates.Ids[candidates.Selected], $"step {step}: token {candidates.Ids[candidates.Selected]}, expected {token}");
        double wanted = golden["expected"].GetProperty("probability_of_token")[step].GetDouble();
        Assert.InRange(candidates.Probabilities[candidates.Selected] - wanted, -Probability(golden), Probability(golden));
    }

    static double Probability(GoldenCase golden) => golden["tolerance"].GetProperty("probs_abs").GetDouble();

    static void AssertDry(GoldenCase golden)
    {
        var sampler = LlamaCppCases.Sampler(golden);
        foreach (int token in LlamaCppCases.Integers(golden["accepted"])) sampler.Accept(token);
        float[] before = Floats(golden, golden["logits"].GetString()!);
        var candidates = new Candidates(before);
        sampler.Apply(candidates);
        var wanted = golden["expected"].GetProperty("penalties").EnumerateArray().ToDictionary(pair => pair[0].GetInt32(), pair => pair[1].GetDouble());
        double tolerance = golden["tolerance"].GetProperty("abs").GetDouble();
        for (int i = 0; i < before.Length; i++)
        {
            double taken = before[i] - candidates.Logits[i];
            Assert.True(Math.Abs(taken - wanted.GetValueOrDefault(i)) <= tolerance, $"token {i}: {taken} taken, expected {wanted.GetValueOrDefault(i)}");
        }
    }

    static int RowCount(GoldenCase golden, string key)
    {
        using var tensor = golden.Group.Tensors.Read(key);
        return (int)tensor.shape[0];
    }

    static float[] Row(GoldenCase golden, string key, int row)
    {
        using var tensor = golden.Group.Tensors.Read(key);
        using var one = tensor[row].contiguous().clone();
        return [.. one.data<float>()];
    }

    static float[] Floats(GoldenCase golden, string key)
    {
        using var tensor = golden.Group.Tensors.Read(key);
        return [.. tensor.data<float>()];
    }

    static long[] Longs(GoldenCase golden, string key)
    {
        using var tensor = golden.Group.Tensors.Read(key);
        return [.. tensor.data<long>()];
    }
}
