namespace Lowrank.Torch;

/// <summary>A convolution of 3x3 by Winograd's F(4x4, 3x3), with a quarter of the multiplications, in float32 whatever the dtype of what
/// goes in and out (Lavin and Gray 2015, arXiv:1509.09308).</summary>
/// <remarks>
/// Some rows of tiles at a time are brought to points, all channels of them, into the third cache. Then 32 outputs at a time have their
/// weights brought there, 64 channels after the other, multiplied while they lie in the second cache, and brought back. No weight is kept.
/// </remarks>
static unsafe class WinogradKernel
{
    /// <summary>Whether it takes input (B, C, H, W) and weight (K, C, 3, 3) like these.</summary>
    public static bool Suits(Tensor x, Tensor weight) =>
        Lanes.AreSupported && x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && x.shape[1] % Lanes.Count == 0 && weight.shape[0] % WinogradProduct.Outputs == 0;

    /// <summary>x convolved with the weight and so many zeros around it, all contiguous, of one dtype.</summary>
    /// <remarks>In float32 it is off by 4e-7 of the answer's norm, two to four times what libtorch's is; in bfloat16 both are off by the
    /// answer's rounding.</remarks>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, long padHigh, long padWide, int threads)
    {
        var (batch, channels, height, width) = x.shape;
        var shape = new WinogradShape(
            (int)batch, (int)channels, (int)height, (int)width, (int)weight.shape[0], (int)padHigh, (int)padWide);
        var answer = empty([batch, shape.Outputs, shape.High, shape.Wide], x.dtype, x.device);
        var (from, to) = (MemoryRange.Of(x).First, MemoryRange.Of(answer).First);
        var (kernels, added) = (MemoryRange.Of(weight).First, bias is null ? 0 : MemoryRange.Of(bias).First);
        if (x.dtype == ScalarType.BFloat16) Run(shape, (ushort*)from, (ushort*)kernels, (ushort*)added, (ushort*)to, threads);
        else Run(shape, (float*)from, (float*)kernels, (float*)added, (float*)to, threads);
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return answer;
    }

    static void Run<T>(WinogradShape shape, T* x, T* weight, T* bias, T* answer, int threads) where T : unmanaged
    {
        using var patches = new FloatBlock(shape.Chunks * WinogradTransforms.Points * shape.PatchStep);
        for (int first = 0; first < shape.Rows; first += shape.RowsAtOnce)
        {
            int firstRow = first, rows = Math.Min(shape.RowsAtOnce, shape.Rows - first);
            float* points = patches.Start;
            Shares.Run(shape.Channels / Lanes.Count, threads, (_, from, after) =>
            {
                using var room = new FloatBlock(WinogradInput.Room(shape));
                for (long i = from; i < after; i++)
                    WinogradInput.Fill(shape, x, (int)i * Lanes.Count, firstRow, rows, points, room.Start);
            });
            Shares.Run(shape.Outputs / WinogradProduct.Outputs, threads, (_, from, after) =>
            {
                long sums = WinogradTransforms.Points * shape.SumStep, kernels = WinogradProduct.Channels * WinogradShape.ChannelStep;
                using var room = new FloatBlock(sums + kernels + Math.Max(WinogradWeights.Room, WinogradOutput.Room(shape)));
                for (long i = from; i < after; i++)
                {
                    int output = (int)i * WinogradProduct.Outputs;
                    Multiply(shape, weight, output, points, room.Start, room.Start + sums, rows);
                    for (int half = 0; half < WinogradProduct.Outputs; half += Lanes.Count)
                        WinogradOutput.Empty(
                            shape, room.Start + half, bias, answer, output + half, firstRow, rows, room.Start + sums + kernels);
                }
            });
        }
    }

    static void Multiply<T>(WinogradShape shape, T* weight, int output, float* patches, float* sums, float* kernels, int rows)
        where T : unmanaged
    {
        const int Chunk = WinogradProduct.Channels, Tiles = WinogradProduct.Tiles, Points = WinogradTransforms.Points;
        float* scratch = kernels + Chunk * WinogradShape.ChannelStep;
        int groups = shape.Groups(rows);
        for (int chunk = 0; chunk < shape.Chunks; chunk++)
        {
            int first = chunk * Chunk, count = Math.Min(Chunk, shape.Channels - first);
            WinogradWeights.Fill(shape, weight, output, first, count, kernels, scratch);
            WinogradWeights.Fetch(shape, weight, output, first + Chunk);
            for (int point = 0; point < Points; point++)
            {
                float* u = kernels + point * WinogradShape.WeightStep;
                float* v = patches + ((long)chunk * Points + point) * shape.PatchStep, m = sums + point * shape.SumStep;
                for (int group = 0; group < groups; group++, v += Tiles * Chunk, m += Tiles * WinogradProduct.Outputs)
                    WinogradProduct.Run(u, v, m, count, chunk == 0);
            }
        }
    }
}
