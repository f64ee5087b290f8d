namespace Lowrank.Formats.Tests;

/// <summary>One number is read without libtorch, equal to what libtorch reads.</summary>
public sealed class ScalarTests
{
    public static TheoryData<string> Dtypes => [.. TensorDtypes.All.Select(dtype => dtype.Name)];

    [Theory, MemberData(nameof(Dtypes))]
    public void ANumberOfEveryDtypeIsReadAsLibtorchReadsIt(string name)
    {
        var dtype = TensorDtypes.Named(name)!;
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var one = tensor(dtype == TensorDtype.BOOL ? 1.0 : 2.5).to(dtype.ToScalarType());
        Safetensors.Save(folder.File("a"), [new("before", zeros(3)), new("alpha", one), new("row", zeros(1, 1))]);
        using var file = Containers.Open(folder.File("a"));
        Assert.Equal(file.Read("alpha").to(ScalarType.Float64).ToDouble(), file.ReadScalar("alpha"));
        Assert.Equal(0, file.ReadScalar("row"));
    }

    [Fact]
    public void ANumberInAPickleIsFoundAtItsPlace()
    {
        using var folder = new TemporaryFolder();
        var pickle = PickleWriter.Of(new object?[] { new Stored("FloatStorage", "0", 2, 1, [], []), "text" });
        folder.File("b", PickleWriter.Zip(pickle, [[.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-4f)]]));
        using var file = Containers.Open(folder.File("b"));
        Assert.Equal(-4, file.ReadScalar(file.Tensors[0].Name));
    }

    [Fact]
    public void MoreThanOneNumberIsAnErrorThatNamesTheShape()
    {
        using var folder = new TemporaryFolder();
        using (NewDisposeScope()) Safetensors.Save(folder.File("a"), [new("alpha", zeros(2, 3))]);
        using var file = Containers.Open(folder.File("a"));
        Assert.Contains("(2, 3)", Assert.Throws<LowrankException>(() => file.ReadScalar("alpha")).Message);
        Assert.Contains("alpha", Assert.Throws<LowrankException>(() => file.ReadScalar("alhpa")).Message);
    }
}
