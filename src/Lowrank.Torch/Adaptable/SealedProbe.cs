using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>Finds by their answers what TorchSharp does not tell of its modules: numbers of heads, dropouts.</summary>
static class SealedProbe
{
    /// <summary>Numbers of which no two are alike, and which are the same each time.</summary>
    public static Tensor Input(Tensor like, double size, params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, side) => product * side);
        return ((arange(count, ScalarType.Float64, like.device) * 0.7 + 0.3).sin() * size).to(like.dtype).reshape(shape);
    }

    /// <summary>Runs something with a module in evaluation mode and without gradients; null where libtorch cannot.</summary>
    public static T? InEvaluation<T>(nn.Module module, Func<T?> body) where T : struct
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        bool trains = module.training;
        if (trains) module.eval();
        try
        {
            return body();
        }
        catch (ExternalException)
        {
            return null;
        }
        finally
        {
            if (trains) module.train();
        }
    }

    /// <summary>Which of several answers is a module's; null where none is, or several are.</summary>
    /// <param name="own">The module's.</param>
    /// <param name="candidates">The others, of the same shape.</param>
    public static int? Matching(Tensor own, IEnumerable<Tensor> candidates)
    {
        var misses = candidates.Select(one => (one - own).abs().max().ToDouble()).ToList();
        double size = own.abs().max().ToDouble(), best = misses.Min();
        bool isClose = best <= size * Tolerance(own.dtype);
        bool isOnlyOne = misses.Count(miss => miss <= 8 * best + size * Tolerance(own.dtype)) == 1;
        return isClose && isOnlyOne ? misses.IndexOf(best) : null;
    }

    // Roundings of another order of sums.
    static double Tolerance(ScalarType dtype) => dtype is ScalarType.Float32 or ScalarType.Float64 ? 1e-4 : 0.02;

    /// <summary>
    /// The dropout of a module in training mode, 0 or in whole percents, from what it drops with known random numbers; null where it is
    /// another, or those of its device cannot be set.
    /// </summary>
    /// <param name="own">The module's answer.</param>
    /// <param name="with">The same with a dropout.</param>
    public static double? Dropout(Func<Tensor> own, Func<double, Tensor> with)
    {
        // Another thread may draw in between: then no dropout fits, and it is looked for again.
        lock (probing)
            for (int tries = 3; tries > 0; tries--)
                if (Found(own, with) is { } dropout) return dropout;
        return null;
    }

    /// <summary>Whether what a dropout drops cannot be seen in a module's answers.</summary>
    /// <param name="with">Its answer with a dropout.</param>
    public static bool HidesDropout(Func<double, Tensor> with)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var whole = with(0);
        var half = RandomState.Preserve(() => with(0.5));
        return (half - whole).abs().max().ToDouble() <= whole.abs().max().ToDouble() * Tolerance(whole.dtype);
    }

    static readonly Lock probing = new();

    static double? Found(Func<Tensor> own, Func<double, Tensor> with)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return RandomState.Preserve<double?>(() =>
        {
            var before = RandomState.Capture();
            var dropped = own();
            double tolerance = dropped.abs().max().ToDouble() * Tolerance(dropped.dtype);
            double most = dropped.device_type == DeviceType.CPU ? 99 : 0;
            for (int percent = 0; percent <= most; percent++)
            {
                RandomState.Restore(before);
                using var one = NewDisposeScope();
                if ((with(percent / 100.0) - dropped).abs().max().ToDouble() <= tolerance) return percent / 100.0;
            }
            return null;
        });
    }

    /// <summary>What is said where a dropout cannot be found.</summary>
    public static LowrankException Unknown(nn.Module module) =>
        new($"TorchSharp does not tell the dropout of a {module.GetType().Name}, and it is none that its answers tell (0, or in whole " +
            "percents on the CPU), so that it cannot be trained with adapted weights. Leave it in evaluation mode, make it with another " +
            "dropout, or describe the model on the CPU and run it once before it moves.");
}
