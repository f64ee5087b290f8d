using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lowrank.Diffusion;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Random numbers: torch's generator, Philox, AUTOMATIC1111's variations of seeds, Brownian trees.</summary>
public sealed class NoiseGoldens
{
    const string Group = "diffusion/noise";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Numbers(string name) => Golden.Run(Group, name, c =>
    {
        if (c["seeds"].ValueKind == JsonValueKind.Array) Variations(c);
        else if (c.HasInput("sigmas")) Brownian(c);
        else
            foreach (string numbers in c.ExpectedNames) c.AssertClose(Drawn(c, numbers), c.Expected(numbers), numbers);
    });

    // A name says what is drawn: "torch_1x4x8x8", "torch_1x4x4x4_after_5_values", "philox_second_3x4", "torch_randint_1000_8", ...
    static Tensor Drawn(GoldenCase c, string name)
    {
        long seed = c["seed"].GetInt64();
        using var generator = NoiseSources.Named(name.StartsWith("philox", StringComparison.Ordinal) ? "nv" : "cpu").Create(seed);
        using var torchs = new TorchNormalGenerator(seed);
        using var bare = new Generator(unchecked((ulong)seed));
        var parts = Regex.Match(name, @"^(?:torch|philox)_(?<what>[a-z]+(?:16)?_(?:call_)?)?(?<shape>[0-9x]+)(?:_(?<count>[0-9]+))?(?:_(?<edge>first|last)_(?<edges>\d+))?(?:_after_(?<before>\d+)_values)?$");
        if (!parts.Success) throw Golden.NotCovered($"numbers called {name}");
        long[] shape = [.. parts.Groups["shape"].Value.Split('x').Select(side => long.Parse(side, CultureInfo.InvariantCulture))];
        if (parts.Groups["before"] is { Success: true, Value: var before }) generator.Draw(long.Parse(before, CultureInfo.InvariantCulture));
        if (parts.Groups["what"].Value == "second_") generator.Draw(4, 5, 7);   // behind philox_first_4x5x7
        if (parts.Groups["what"].Value == "second_call_") generator.Draw(shape);
        var drawn = parts.Groups["what"].Value switch
        {
            "" or "first_" or "second_" or "second_call_" => generator.Draw(shape),
            "rand_" => rand(shape, device: CPU, generator: bare),
            "randint_" => randint(shape[0], [long.Parse(parts.Groups["count"].Value, CultureInfo.InvariantCulture)], dtype: ScalarType.Int64, device: CPU, generator: bare),
            "randperm_" => randperm(shape[0], dtype: ScalarType.Int64, device: CPU, generator: bare),
            "double_" => torchs.Draw(ScalarType.Float64, shape),
            "half_" => torchs.Draw(ScalarType.Float16, shape),
            "bfloat16_" => torchs.Draw(ScalarType.BFloat16, shape),
            var other => throw Golden.NotCovered($"numbers of the kind {other}"),
        };
        if (!parts.Groups["edge"].Success) return drawn;
        int edges = int.Parse(parts.Groups["edges"].Value, CultureInfo.InvariantCulture);
        return parts.Groups["edge"].Value == "first" ? drawn.flatten()[..edges] : drawn.flatten()[^edges..];
    }

    static void Variations(GoldenCase c)
    {
        long[] seeds = [.. c["seeds"].EnumerateArray().Select(seed => seed.GetInt64())];
        var source = NoiseSources.Named(c.Name[(c.Name.LastIndexOf('_') + 1)..]);
        var first = c.Expected("first");
        var resizes = c["resize_from"].EnumerateArray().Select(size => (size[1].GetInt32(), size[0].GetInt32())).ToArray();
        Compare("first", "second", SeedVariation.None);
        long[] others = [.. seeds.Select((_, i) => c["subseed"].GetInt64() + i)];
        Compare("variation", null, new() { Seeds = others, Strength = c["subseed_strength"].GetDouble() });
        Compare("resized_seed", null, new() { ResizeFrom = resizes[0] });
        Compare("resized_seed_bigger", null, new() { ResizeFrom = resizes[1] });
        foreach (string name in c.ExpectedNames.Where(name => name.StartsWith("second_with_ensd_", StringComparison.Ordinal)))
            Compare(null, name, new() { SeedDelta = long.Parse(name[(name.LastIndexOf('_') + 1)..], CultureInfo.InvariantCulture) });

        void Compare(string? begun, string? later, SeedVariation variation)
        {
            using var noise = new WebUiNoise(seeds[..(int)c.Expected(begun ?? later!).shape[0]], first.shape[1..], CPU, variation, source);
            var (start, next) = (noise.First(), noise.Draw(default, default));
            if (begun is not null) c.AssertClose(start, c.Expected(begun), begun);
            if (later is not null) c.AssertClose(next, c.Expected(later), later);
        }
    }

    static void Brownian(GoldenCase c)
    {
        var seed = c["seed"];
        long[] seeds = seed.ValueKind == JsonValueKind.Array ? [.. seed.EnumerateArray().Select(one => one.GetInt64())] : [seed.GetInt64()];
        long[] shape = [.. c["shape"].EnumerateArray().Select(side => side.GetInt64())];
        double[] sigmas = c.Input("sigmas").to(ScalarType.Float64).data<double>().ToArray();
        var noise = new BrownianNoise(seeds, (int)shape[0], shape[1..], sigmas, CPU);
        var want = c.Expected("noise");
        var drawn = sigmas.Zip(sigmas.Skip(1)).Take((int)want.shape[0]).Select(step => noise.Draw(NoiseLevel.Exploding(step.First, 0), NoiseLevel.Exploding(step.Second, 0)));
        c.AssertClose(stack(drawn), want, "noise");
    }
}
