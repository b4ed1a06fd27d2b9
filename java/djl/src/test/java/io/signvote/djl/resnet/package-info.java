/** ResNet-18 for images of 32x32, and a program that trains it: what a user of the adapter writes. */
package io.signvote.djl.resnet;
