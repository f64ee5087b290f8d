namespace Lowrank.Adapters;

/// <summary>Adapters of models whose layers had other names, or were several: experts before transformers 5.</summary>
/// <remarks>
/// Factors of layers whose rows follow each other in one layer today become one pair: A stacked, B block by block, so that the change is
/// the same to the last number. Their scales, which may differ, are taken into B.
/// </remarks>
static class PeftFormerNames
{
    const string Prefix = PeftSpelling.Prefix, Down = PeftSpelling.Down, Up = PeftSpelling.Up;

    /// <summary>Gives what stands under older names the keys of today's layers.</summary>
    /// <returns>Whether there was any.</returns>
    public static bool Rename(PeftView view, ModelComponent component, PeftConfig config)
    {
        bool any = false;
        var keys = view.Keys.ToHashSet();
        foreach (var (own, former) in component.FormerNames)
        {
            if (former is [var one]) any |= one != own && Rename(view, config, one, own, keys);
            else if (former.Any(name => keys.Contains(Prefix + name + Down)))
            {
                var target = component.Targets.First(layer => component.PathOf(layer.Target) == own).Target;
                Join(view, config, former, own, target);
                any = true;
            }
        }
        return any;
    }

    static bool Rename(PeftView view, PeftConfig config, string former, string own, HashSet<string> keys)
    {
        string start = $"{Prefix}{former}.";
        if (!keys.Contains(Prefix + former + Down) && !keys.Contains(start + "weight")) return false;
        foreach (string key in view.Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal)).ToList())
        {
            var (info, read) = view.Take(key);
            view.Put($"{Prefix}{own}.{key[start.Length..]}", info, info.Shape, read);
        }
        view.Configure(own, config, former);
        return true;
    }

    // A layer that was a piece of the one that there is: its factors, and alpha/rank.
    sealed record Piece(TensorInfo DownInfo, Func<Tensor> Down, Func<Tensor> Up, double Scale)
    {
        public long Rank => DownInfo.Shape[0];
    }

    static void Join(PeftView view, PeftConfig config, IReadOnlyList<string> former, string own, Target target)
    {
        var pieces = former.Select(name => PieceOf(view, config, name)).ToList();
        long rank = pieces.Sum(piece => piece?.Rank ?? 0), rows = target.Out / former.Count;
        var like = pieces.OfType<Piece>().First();
        bool isOneScale = pieces.OfType<Piece>().Select(piece => piece.Scale).Distinct().Count() == 1;
        double scale = isOneScale ? like.Scale : 1;
        view.Put(Prefix + own + Down, like.DownInfo, [rank, like.DownInfo.Shape[1]],
            () => cat([.. pieces.OfType<Piece>().Select(piece => piece.Down())], 0));
        view.Put(Prefix + own + Up, like.DownInfo, [target.Out, rank], () => Blocks(pieces, rows, rank, scale));
        view.Configure(own, With(config, rank, scale * rank), own);
    }

    static Piece? PieceOf(PeftView view, PeftConfig config, string name)
    {
        if (view.Info(Prefix + name + Down) is not { Shape.Length: 2 } info || view.Info(Prefix + name + Up) is null) return null;
        var type = PeftTypes.Of(Lora.Descriptor)!;
        var at = config.At(type, name);
        long rank = info.Shape[0];
        if (PeftConfig.FaultOfRank(at, type, rank) is { } misfit) throw new LowrankException($"{name}: {misfit}");
        return new(info, view.Take(Prefix + name + Down).Read, view.Take(Prefix + name + Up).Read, PeftConfig.Alpha(at, type, rank) / rank);
    }

    // B of all pieces: each beside its own rows, zero elsewhere.
    static Tensor Blocks(List<Piece?> pieces, long rows, long rank, double scale)
    {
        var all = zeros([rows * pieces.Count, rank], ScalarType.Float32, CPU);
        long column = 0;
        for (int place = 0; place < pieces.Count; place++)
        {
            if (pieces[place] is not { } piece) continue;
            var up = piece.Up().to(ScalarType.Float32);
            bool fits = up.shape is [var own, var width] && own == rows && width == piece.Rank;
            if (!fits) throw new LowrankException($"a factor of shape {up.shape.Text()} is none of {rows} rows and rank {piece.Rank}");
            all.narrow(0, place * rows, rows).narrow(1, column, piece.Rank).copy_(up * (piece.Scale / scale));
            column += piece.Rank;
        }
        return all;
    }

    static PeftConfig With(PeftConfig config, long rank, double alpha)
    {
        string[] replaced = ["r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern"];
        var fields = config.Json.EnumerateObject().Where(field => !replaced.Contains(field.Name))
            .ToDictionary(field => field.Name, field => (object?)field.Value);
        (fields["r"], fields["lora_alpha"]) = (rank, alpha);
        return new(PlainJson.Element(fields));
    }
}
