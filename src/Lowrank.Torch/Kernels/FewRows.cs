using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>What the kernels of one token's work ask of their tensors.</summary>
/// <remarks>They ask hundreds of times for each token, and TorchSharp's getters make an array or a handle each.</remarks>
static class FewRows
{
    /// <summary>Of more numbers libtorch's own operators make norms and turns.</summary>
    public const long MostNumbers = 32 << 10;

    const string Native = "TorchSharp.PInvoke.NativeMethods, TorchSharp";

    /// <summary>Whether a tensor lies in one piece on the CPU, in float32 or bfloat16; true where there is none.</summary>
    public static bool IsPlain(Tensor? tensor) =>
        tensor is null || (Dtype(tensor) is ScalarType.Float32 or ScalarType.BFloat16 && LiesInOnePiece(tensor));

    /// <summary>Whether a tensor lies in one piece on the CPU, in float32.</summary>
    public static bool IsWide(Tensor tensor) => Dtype(tensor) == ScalarType.Float32 && LiesInOnePiece(tensor);

    /// <summary>Whether a tensor has two axes of these sizes.</summary>
    public static bool IsMatrix(Tensor tensor, long rows, long columns)
    {
        nint handle = tensor.Handle;
        bool isMatrix = Axes(null, handle) == 2 && SizeOf(null, handle, 0) == rows && SizeOf(null, handle, 1) == columns;
        GC.KeepAlive(tensor);
        return isMatrix;
    }

    /// <summary>Size of an axis; that of the first is 0 where there is none.</summary>
    public static long Size(Tensor tensor, int axis)
    {
        long size = Axes(null, tensor.Handle) == 0 ? 0 : SizeOf(null, tensor.Handle, axis);
        GC.KeepAlive(tensor);
        return size;
    }

    /// <summary>The sizes of all axes, where there are as many as asked for.</summary>
    public static bool HasSizes(Tensor tensor, Span<long> sizes)
    {
        nint handle = tensor.Handle;
        if (Axes(null, handle) != sizes.Length) return false;
        for (int axis = 0; axis < sizes.Length; axis++) sizes[axis] = SizeOf(null, handle, axis);
        GC.KeepAlive(tensor);
        return true;
    }

    /// <summary>Whether what is made of them is recorded for a way back.</summary>
    public static bool AreRecorded(Tensor one, Tensor? second = null, Tensor? third = null) =>
        is_grad_enabled() && (one.requires_grad || second?.requires_grad == true || third?.requires_grad == true);

    static ScalarType Dtype(Tensor tensor)
    {
        var dtype = (ScalarType)DtypeOf(null, tensor.Handle);
        GC.KeepAlive(tensor);
        return dtype;
    }

    static bool LiesInOnePiece(Tensor tensor)
    {
        bool isNear = (DeviceType)DeviceOf(null, tensor.Handle) == DeviceType.CPU && IsContiguous(null, tensor.Handle);
        GC.KeepAlive(tensor);
        return isNear;
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "THSTensor_type")]
    static extern sbyte DtypeOf([UnsafeAccessorType(Native)] object? methods, nint tensor);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "THSTensor_device_type")]
    static extern int DeviceOf([UnsafeAccessorType(Native)] object? methods, nint tensor);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "THSTensor_is_contiguous")]
    static extern bool IsContiguous([UnsafeAccessorType(Native)] object? methods, nint tensor);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "THSTensor_ndimension")]
    static extern long Axes([UnsafeAccessorType(Native)] object? methods, nint tensor);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "THSTensor_size")]
    static extern long SizeOf([UnsafeAccessorType(Native)] object? methods, nint tensor, long axis);
}
