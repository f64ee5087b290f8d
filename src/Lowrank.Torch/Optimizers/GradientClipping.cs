using System.Globalization;

namespace Lowrank.Torch;

/// <summary>Scales gradients so that their common norm stays below a limit.</summary>
public static class GradientClipping
{
    /// <summary>
    /// Multiplies every gradient by min(1, limit / (norm + 1e-6)), as PyTorch's <c>clip_grad_norm_</c> does, and returns the norm before.
    /// </summary>
    /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
    /// <param name="limit">Largest norm over all gradients together, above 0; infinity only measures.</param>
    /// <param name="order">Which norm: 2 by default; 1 is the sum of magnitudes, infinity the largest.</param>
    /// <exception cref="LowrankException">The limit or the order is 0 or below, or no number.</exception>
    public static double Clip(IEnumerable<Tensor> parameters, double limit, double order = 2)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require(limit, "the limit of gradients", "infinity only measures");
        Require(order, "the order of the gradients' norm", "2 is usual");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0) return 0;
        double norm = Norm(stack([.. gradients.Select(g => Norm(g, order).to(ScalarType.Float32))]), order).ToDouble();
        double factor = limit / (norm + 1e-6);
        if (factor < 1)
            foreach (var gradient in gradients) gradient.mul_(factor);
        return norm;
    }

    static Tensor Norm(Tensor values, double order)
    {
        if (order == 2) return values.norm();
        return double.IsPositiveInfinity(order) ? values.abs().max() : values.abs().pow(order).sum().pow(1 / order);
    }

    /// <summary>Brings every number of every gradient into [-limit, limit], as PyTorch's <c>clip_grad_value_</c> does.</summary>
    /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
    /// <param name="limit">Largest magnitude, above 0.</param>
    /// <exception cref="LowrankException">The limit is 0 or below, or no number.</exception>
    public static void ClipValues(IEnumerable<Tensor> parameters, double limit)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require(limit, "the limit of a gradient's numbers", "infinity sets none");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var gradient in parameters.Select(p => p.grad).OfType<Tensor>()) gradient.clamp_(-limit, limit);
    }

    static void Require(double value, string name, string hint)
    {
        if (value > 0) return;
        throw new LowrankException(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, and must be above 0; {hint}"));
    }
}
