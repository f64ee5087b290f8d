using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lowrank.Adapters.Tests;

/// <summary>The keys and shapes of the tensors that PEFT makes for a configuration, by PEFT's own rules, apart from how we read or write.</summary>
/// <remarks>Source: PEFT 0.21.2, tuners/{lora,loha,lokr,oft}/layer.py and tuners_utils.py.</remarks>
static class PeftModel
{
    /// <summary>By key, for a module's layers: path, kind and weight.</summary>
    public static Dictionary<string, long[]> Tensors(JsonElement config, IEnumerable<(string Path, Target Target)> layers)
    {
        var tensors = new Dictionary<string, long[]>();
        foreach (var (path, target) in layers.Where(layer => IsTargeted(config.GetProperty("target_modules"), layer.Path)))
            foreach (var (suffix, shape) in Of(config, path, target)) tensors[$"base_model.model.{path}{suffix}"] = shape;
        return tensors;
    }

    static bool IsTargeted(JsonElement modules, string path) => modules.ValueKind == JsonValueKind.String
        ? Regex.IsMatch(path, $"^(?:{modules.GetString()})$")
        : modules.EnumerateArray().Any(name => path == name.GetString() || path.EndsWith("." + name.GetString(), StringComparison.Ordinal));

    // The first pattern that a path ends with counts.
    static long Number(JsonElement config, string field, string pattern, string path)
    {
        foreach (var own in config.GetProperty(pattern).EnumerateObject())
            if (Regex.IsMatch(path, $@"^(.*\.)?({own.Name})$")) return own.Value.GetInt64();
        return config.GetProperty(field).GetInt64();
    }

    static IEnumerable<(string Suffix, long[] Shape)> Of(JsonElement config, string path, Target target) => config.GetProperty("peft_type").GetString() switch
    {
        "LORA" => Lora(Number(config, "r", "rank_pattern", path), target, config.GetProperty("use_dora").GetBoolean()),
        "LOHA" => Loha(Number(config, "r", "rank_pattern", path), target, config.GetProperty("use_effective_conv2d").GetBoolean()),
        "LOKR" => Lokr(config, Number(config, "r", "rank_pattern", path), target),
        "OFT" => Oft(config.GetProperty("oft_block_size").GetInt64(), target),
        var other => throw new InvalidOperationException($"no rules for {other}"),
    };

    static List<(string, long[])> Lora(long rank, Target target, bool dora)
    {
        if (target.Kind == LayerKind.Embedding) return [(".lora_embedding_A", [rank, target.In]), (".lora_embedding_B", [target.Out, rank])];
        long[] ones = [.. target.Kernel.Select(_ => 1L)];
        var factors = new List<(string, long[])> { (".lora_A.weight", [rank, target.In, .. target.Kernel]), (".lora_B.weight", [target.Out, rank, .. ones]) };
        if (dora) factors.Add((".lora_magnitude_vector", target.IsConvolution ? [1, target.Out, .. ones] : [target.Out]));
        return factors;
    }

    static IEnumerable<(string, long[])> Loha(long rank, Target target, bool effective)
    {
        if (effective && IsSpatial(target))
            return from n in new[] { "1", "2" }
                   from part in new (string, long[])[] { ($".hada_t{n}", [rank, rank, .. target.Kernel]), ($".hada_w{n}_a", [rank, target.Out]), ($".hada_w{n}_b", [rank, target.In]) }
                   select part;
        return from n in new[] { "1", "2" }
               from part in new (string, long[])[] { ($".hada_w{n}_a", [target.Out, rank]), ($".hada_w{n}_b", [rank, target.Columns]) }
               select part;
    }

    static IEnumerable<(string, long[])> Lokr(JsonElement config, long rank, Target target)
    {
        long factor = config.GetProperty("decompose_factor").GetInt64();
        var ((m, n), (l, k)) = (Split(target.In, factor), Split(target.Out, factor));
        bool wholeOuter = !(config.GetProperty("decompose_both").GetBoolean() && rank < Math.Max(l, m) / 2.0), wholeInner = !(rank < Math.Max(k, n) / 2.0);
        if (wholeOuter) yield return (".lokr_w1", [l, m]);
        else
        {
            yield return (".lokr_w1_a", [l, rank]);
            yield return (".lokr_w1_b", [rank, m]);
        }
        if (wholeInner) yield return (".lokr_w2", [k, n, .. target.Kernel]);
        else if (config.GetProperty("use_effective_conv2d").GetBoolean() && IsSpatial(target))
        {
            yield return (".lokr_t2", [rank, rank, .. target.Kernel]);
            yield return (".lokr_w2_a", [rank, k]);
            yield return (".lokr_w2_b", [rank, n]);
        }
        else
        {
            yield return (".lokr_w2_a", [k, rank]);
            yield return (".lokr_w2_b", [rank, n * target.Columns / target.In]);
        }
    }

    static (long, long) Split(long dimension, long factor)
    {
        if (factor > 0 && dimension % factor == 0) return (factor, dimension / factor);
        if (factor == -1) factor = dimension;
        long m = 1, n = dimension, length = m + n;
        while (m < n)
        {
            long next = m + 1;
            while (dimension % next != 0) next++;
            long other = dimension / next;
            if (next + other > length || next > factor) break;
            (m, n) = (next, other);
        }
        return m > n ? (n, m) : (m, n);
    }

    static IEnumerable<(string, long[])> Oft(long size, Target target)
    {
        long width = target.Columns;
        while (width % size != 0) size--;
        yield return (".oft_R.weight", [width / size, size * (size - 1) / 2]);
    }

    static bool IsSpatial(Target target) => target.Kernel.Any(side => side != 1);
}
