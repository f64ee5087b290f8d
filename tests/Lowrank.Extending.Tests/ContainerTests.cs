using System.Text;

namespace Lowrank.Extending.Tests;

/// <summary>A container that was added is opened as those that come along are.</summary>
public class ContainerTests
{
    [Fact]
    public void AFileOfAnAddedKindIsOpenedForWhatItHolds() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.npy");
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
        float[] values = [1, 2, 3, 4, 5, 6];
        File.WriteAllBytes(path,
        [
            0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.Latin1.GetBytes(header),
            .. values.SelectMany(BitConverter.GetBytes),
        ]);
        try
        {
            using var file = Containers.Open(path);
            Assert.Equal("npy", file.Container);
            Assert.Equal([2, 3], Assert.Single(file.Tensors).Shape);
            Assert.Equal(24, file.Tensors[0].Bytes);
            Assert.Equal(values, file.Read("array").data<float>().ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    });
}
