namespace Lowrank.Torch;

/// <summary>Sizes of a convolution of 3x3, and how it is cut up.</summary>
/// <param name="Batch">Pictures.</param>
/// <param name="Channels">Of the input, a multiple of 16.</param>
/// <param name="Height">Of the input.</param>
/// <param name="Width">Of the input.</param>
/// <param name="Outputs">Channels of the answer, a multiple of 32.</param>
/// <param name="PadHigh">Rows of zeros above and below.</param>
/// <param name="PadWide">Columns of zeros on both sides.</param>
readonly record struct WinogradShape(int Batch, int Channels, int Height, int Width, int Outputs, int PadHigh, int PadWide)
{
    const int MostTiles = 128, FewestTiles = 32;   // at a time
    const long PatchBytes = 8 << 20;   // of the patches at a time: what stays in the third cache
    const int Apart = 3 * Lanes.Count;   // numbers between points, so that those of one place do not fall into one set of the cache

    /// <summary>Rows of the answer.</summary>
    public int High => Height + 2 * PadHigh - 2;

    /// <summary>Columns of the answer.</summary>
    public int Wide => Width + 2 * PadWide - 2;

    /// <summary>Rows of tiles in a picture.</summary>
    public int TilesHigh => (High + WinogradTransforms.Tile - 1) / WinogradTransforms.Tile;

    /// <summary>Tiles in a row.</summary>
    public int TilesWide => (Wide + WinogradTransforms.Tile - 1) / WinogradTransforms.Tile;

    /// <summary>Rows of tiles in all pictures.</summary>
    public int Rows => Batch * TilesHigh;

    /// <summary>Rows of tiles that are worked at a time: as many as have their patches in the cache, but enough to be worth the weights'
    /// transform.</summary>
    public int RowsAtOnce
    {
        get
        {
            long fitting = PatchBytes / (WinogradTransforms.Points * sizeof(float) * (long)Channels);
            int most = Math.Max(1, (int)Math.Clamp(fitting, FewestTiles, MostTiles) / TilesWide), times = (Rows + most - 1) / most;
            return (Rows + times - 1) / times;
        }
    }

    /// <summary>Groups of tiles that are multiplied together, in so many rows.</summary>
    public int Groups(int rows) => (rows * TilesWide + WinogradProduct.Tiles - 1) / WinogradProduct.Tiles;

    /// <summary>Groups of channels that are summed together.</summary>
    public int Chunks => (Channels + WinogradProduct.Channels - 1) / WinogradProduct.Channels;

    /// <summary>Numbers from one point of the patches to the next.</summary>
    public long PatchStep => (long)Groups(RowsAtOnce) * WinogradProduct.Tiles * WinogradProduct.Channels + Apart;

    /// <summary>Numbers from one point of the sums to the next.</summary>
    public long SumStep => (long)Groups(RowsAtOnce) * WinogradProduct.Tiles * WinogradProduct.Outputs + Apart;

    /// <summary>Numbers from one point of the weights to the next.</summary>
    public const int WeightStep = WinogradProduct.Outputs;

    /// <summary>Numbers from one channel of the weights to the next.</summary>
    public const int ChannelStep = WinogradTransforms.Points * WinogradProduct.Outputs + Lanes.Count;
}
