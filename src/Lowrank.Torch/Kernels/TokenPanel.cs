using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>Some tokens of a matrix (tokens, width) as float32 with a channel's tokens beside each other, so that channels are mixed by
/// sums of whole vectors.</summary>
static unsafe class TokenPanel
{
    /// <summary>How many tokens: with g and y of 768 channels a panel of each fits the second cache.</summary>
    public const int Tokens = 64;

    /// <summary>Whether it holds tokens like these.</summary>
    public static bool Suits(Tensor tokens) =>
        Lanes.AreSupported && tokens.device_type == DeviceType.CPU && tokens.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && tokens.shape[0] > 0 && tokens.shape[1] >= Lanes.Count;

    /// <summary>Fills the panel's channels from <paramref name="first"/> to <paramref name="after"/>; tokens that are not there are
    /// 0. Of each channel its bias is taken, where there is one.</summary>
    public static void Fill(ScalarType dtype, nint tokens, long width, long count, float* panel, float* bias, long first, long after)
    {
        if (dtype == ScalarType.BFloat16) Fill((ushort*)tokens, width, count, panel, bias, first, after);
        else Fill((float*)tokens, width, count, panel, bias, first, after);
    }

    /// <summary>Writes the panel's channels back to the tokens.</summary>
    public static void Empty(ScalarType dtype, nint tokens, long width, long count, float* panel, long first, long after)
    {
        if (dtype == ScalarType.BFloat16) Empty((ushort*)tokens, width, count, panel, first, after);
        else Empty((float*)tokens, width, count, panel, first, after);
    }

    // Where the channels are no multiple of the lanes, the last square begins earlier and meets some of them twice.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Fill<T>(T* tokens, long width, long count, float* panel, float* bias, long first, long after) where T : unmanaged
    {
        var square = stackalloc Vector512<float>[Lanes.Count];
        for (int token = 0; token < Tokens; token += Lanes.Count)
            for (long channel = first; channel < after; channel += Lanes.Count)
            {
                long at = Math.Min(channel, width - Lanes.Count);
                for (int i = 0; i < Lanes.Count; i++)
                    square[i] = token + i < count ? Lanes.Load(tokens + (token + i) * width + at) : Vector512<float>.Zero;
                Lanes.Transpose(square);
                for (int i = 0; i < Lanes.Count; i++)
                {
                    var channels = bias is null ? square[i] : square[i] - Vector512.Create(bias[at + i]);
                    channels.Store(panel + (at + i) * Tokens + token);
                }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Empty<T>(T* tokens, long width, long count, float* panel, long first, long after) where T : unmanaged
    {
        var square = stackalloc Vector512<float>[Lanes.Count];
        for (int token = 0; token < count; token += Lanes.Count)
            for (long channel = first; channel < after; channel += Lanes.Count)
            {
                long at = Math.Min(channel, width - Lanes.Count);
                for (int i = 0; i < Lanes.Count; i++) square[i] = Vector512.Load(panel + (at + i) * Tokens + token);
                Lanes.Transpose(square);
                for (int i = 0; i < Lanes.Count && token + i < count; i++) Lanes.Store(tokens + (token + i) * width + at, square[i]);
            }
    }
}
