namespace Lowrank.Formats.Tests;

public class StoredTensorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AFaultInAShareIsThrownAsOneThreadThrowsIt(int threads)
    {
        int before = get_num_threads();
        set_num_threads(threads);
        try
        {
            var error = Assert.Throws<LowrankException>(() => StoredTensor.Share(1000, (first, end) =>
            {
                if (end == 1000) throw new LowrankException("the last one is too large");
            }));
            Assert.Equal("the last one is too large", error.Message);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void GroupsOfOneSizeFollowEachOtherAndTheLastMayBeShort() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 0, 0, 1, 1, 1, 2], StoredTensor.Groups(7, 3).data<long>().ToArray());
    });
}
