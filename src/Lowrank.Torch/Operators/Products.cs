namespace Lowrank.Torch;

/// <summary>Matrix products that throw where TorchSharp's <c>matmul</c> would end the process.</summary>
public static class Products
{
    /// <summary>a·b for matrices or batches of them, broadcast as PyTorch's matmul does.</summary>
    /// <exception cref="ShapeException">The inner sizes differ, or the batch axes do not broadcast.</exception>
    public static Tensor Multiply(this Tensor a, Tensor b)
    {
        long[] left = a.shape, right = b.shape;
        bool fits = left.Length > 0 && right.Length > 0 && left[^1] == (right.Length == 1 ? right[0] : right[^2]);
        for (int i = 3; fits && i <= Math.Min(left.Length, right.Length); i++)
            fits = left[^i] == right[^i] || left[^i] == 1 || right[^i] == 1;
        if (!fits) throw new ShapeException($"shapes {left.Text()} and {right.Text()} do not multiply");
        return a.matmul(b);
    }
}
